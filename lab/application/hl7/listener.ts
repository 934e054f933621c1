import { createServer, type Server, type Socket } from 'node:net';
import type pg from 'pg';
import { frame, Unframer } from './framing.ts';
import { takeMessage } from './intake.ts';

const CONNECTIONS_MAX = 50;
const SILENCE_MILLISECONDS_MAX = 10 * 60_000;

/** Listens for HL7 v2 over MLLP. On one connection, messages are taken strictly one after the other. */
export function hl7Listener(pool: pg.Pool, dataFolder: string): Server {
  const server = createServer((socket) => serve(socket, pool, dataFolder));
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

function serve(socket: Socket, pool: pg.Pool, dataFolder: string): void {
  const unframer = new Unframer();
  let turn = Promise.resolve();
  socket.setTimeout(SILENCE_MILLISECONDS_MAX, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    let messages: Buffer[];
    try {
      messages = unframer.push(chunk);
    } catch {
      socket.destroy();
      return;
    }
    if (messages.length === 0) return;
    // What waits is bounded: nothing more is read until these are answered.
    socket.pause();
    turn = turn.then(async () => {
      for (const message of messages) {
        const answer = await takeMessage(pool, dataFolder, message);
        if (!socket.destroyed) socket.write(frame(answer));
      }
      socket.resume();
    });
  });
}
