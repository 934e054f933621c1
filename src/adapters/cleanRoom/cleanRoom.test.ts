import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanRoom } from './cleanRoom.ts';

let folder: string;
let socket: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'client-'));
  socket = join(folder, 'helper.sock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const opening = { id: 'recovery', epoch: 1, folder: '/srv/room' };

/** Something that listens where the helper should, and does what it likes with each connection. */
async function impostor(behave: (connection: Socket) => void) {
  const connections = new Set<Socket>();
  const server = createServer((connection) => {
    connections.add(connection);
    connection.on('error', () => {});
    behave(connection);
  }).listen(socket);
  await once(server, 'listening');
  return async () => {
    for (const connection of connections) connection.destroy();
    server.close();
    await once(server, 'close');
  };
}

it('says which command root must run when no helper answers, and that nothing was lost', async () => {
  const room = cleanRoom({ socket, state: '/var/lib/rfx', programs: '/etc/rfx/programs.json' });
  for (const asked of [await room.open(opening), await room.status()]) {
    expect(asked).toMatchObject({
      ok: false,
      refusal: { code: 'clean-room-needs-root', where: socket, retryable: true },
    });
    const cure = asked.ok ? '' : asked.refusal.cure;
    expect(cure).toContain(
      `--socket ${socket} --state /var/lib/rfx --allow-uid ${process.getuid?.()} --programs /etc/rfx/programs.json`,
    );
    expect(cure).toContain('/helper/main.ts');
  }
});

it('connects once the helper is there, without being made anew', async () => {
  const room = cleanRoom({ socket });
  expect((await room.open(opening)).ok).toBe(false);
  const stop = await impostor((connection) => {
    connection.on('data', (bytes) => {
      const { id } = JSON.parse(String(bytes));
      connection.write(`${JSON.stringify({ id, ok: true, value: { endedOrphans: [5] } })}\n`);
    });
  });
  expect(await room.open(opening)).toEqual({ ok: true, value: { endedOrphans: [5] } });
  await room.disconnect();
  await stop();
});

it('answers every waiting call when the helper is lost', async () => {
  const room = cleanRoom({ socket });
  const stop = await impostor((connection) => connection.once('data', () => connection.destroy()));
  const asked = await Promise.all([room.open(opening), room.status()]);
  for (const one of asked) expect(one).toMatchObject({ ok: false, refusal: { code: 'helper-lost', retryable: true } });
  await stop();
});

it('believes no answer of another shape', async () => {
  const room = cleanRoom({ socket });
  const stop = await impostor((connection) => {
    connection.on('data', (bytes) => {
      const { id } = JSON.parse(String(bytes));
      connection.write(
        `rubbish\n{"id":${id + 1000},"ok":true,"value":null}\n{"id":${id},"ok":true,"value":{"endedOrphans":"all"}}\n`,
      );
    });
  });
  expect(await room.open(opening)).toMatchObject({ ok: false, refusal: { code: 'helper-answer-unknown' } });
  await room.disconnect();
  await stop();
});
