import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ServerLimits } from './limits.ts';
import type { RunningServer } from './server.ts';
import { raw } from './testRaw.ts';
import { started, type TestParts, testParts } from './testServer.ts';

let folder: string;
let parts: TestParts;
let server: RunningServer | undefined;
/** Larger than what the kernel holds for a reader that does not read. */
const largeBytes = 32 * 1024 * 1024;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-slow-'));
  writeFileSync(join(folder, 'index.html'), 'x');
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(largeBytes, 1));
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

async function start(limits: Partial<ServerLimits>): Promise<number> {
  parts = testParts({ webRoot: folder, limits });
  server = await started(parts);
  return server.address.port;
}

const request = 'GET /large.bin HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
const closed = (socket: Socket) =>
  new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });

it('who takes a large answer without reading it is cut', async () => {
  const port = await start({ answerRoundMilliseconds: 50 });
  const socket = await opened(port);
  socket.pause();
  socket.write(request);
  // The server's own word that it was cut; what the kernel holds is still there to read.
  const cut = () => parts.logged.some((line) => line.includes('slow reader cut'));
  while (!cut()) await new Promise((resolve) => setImmediate(resolve));
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.resume();
  await closed(socket);
  expect(bytes).toBeLessThan(largeBytes);
});

it('who reads it at their pace has all of it', async () => {
  const port = await start({ answerRoundMilliseconds: 50 });
  const socket = await opened(port);
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    socket.pause();
    setImmediate(() => socket.resume());
  });
  socket.write(request);
  await closed(socket);
  expect(bytes).toBeGreaterThan(largeBytes);
  expect(parts.logged.join()).not.toContain('slow reader cut');
});

it('one address holds so many connections; one that leaves makes room for another', async () => {
  const port = await start({ connectionsPerAddress: 3 });
  const held = await Promise.all([opened(port), opened(port), opened(port)]);
  const oneMore = await opened(port);
  await closed(oneMore);
  const [first] = held;
  if (first) {
    const gone = closed(first);
    first.destroy();
    await gone;
  }
  const ask = () => raw(port, 'GET /api/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  let answers = await ask();
  // The server hears of the one that left a moment after we do.
  while (answers.length === 0) answers = await ask();
  expect(answers[0]?.status).toBe(200);
  for (const socket of held) socket.destroy();
});

it('a proxy on this machine, once declared, holds as many as it needs', async () => {
  parts = testParts({ webRoot: folder, publicUrl: 'https://reflexe.test', limits: { connectionsPerAddress: 1 } });
  server = await started(parts);
  const { port } = server.address;
  const held = await opened(port);
  const answers = await raw(port, 'GET /api/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  expect(answers[0]?.status).toBe(200);
  held.destroy();
});
