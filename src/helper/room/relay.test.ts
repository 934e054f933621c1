import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const perl = '/usr/bin/perl';
const script = fileURLToPath(new URL('./relay.pl', import.meta.url));
let folder: string;
let relay: ChildProcess | undefined;
let server: Server | undefined;
const accepted = new Set<Socket>();

beforeEach((context) => {
  if (!existsSync(perl)) context.skip(`not run: ${perl} is missing (Debian package perl-base)`);
  folder = mkdtempSync(join(tmpdir(), 'relay-'));
});
afterEach(async () => {
  for (const socket of accepted) socket.destroy();
  server?.close();
  if (relay?.exitCode === null) {
    relay.kill('SIGKILL');
    await once(relay, 'exit');
  }
  [relay, server] = [undefined, undefined];
  rmSync(folder, { recursive: true });
});

/** A service on loopback, and the gateway to it. */
async function gateway(serve: (socket: Socket) => void): Promise<string> {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.add(socket);
    socket.on('error', () => {});
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  relay = spawn(perl, [script, folder, `${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (relay.stdout) await once(relay.stdout, 'data');
  return join(folder, `${port}`);
}

const closed = async (socket: Socket) => {
  // A reset is an end like another: `once` would throw it.
  socket.on('error', () => {});
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
};

it('passes every byte both ways, in order, and then both ends', async () => {
  const path = await gateway((socket) => socket.pipe(socket));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const client = connect({ path, allowHalfOpen: true });
  const [sent, heard] = [createHash('sha256'), createHash('sha256')];
  client.on('data', (part) => heard.update(part));
  for (let block = 0; block < 200; block += 1) {
    const bytes = randomBytes(100_003);
    sent.update(bytes);
    if (!client.write(bytes)) await once(client, 'drain');
  }
  client.end();
  await once(client, 'end');
  expect(heard.digest('hex')).toBe(sent.digest('hex'));
});

it('lets a service answer after its client has said its last word', async () => {
  const path = await gateway((socket) => {
    let question = '';
    socket.on('data', (part) => {
      question += part;
    });
    socket.on('end', () => socket.end(`heard ${question}`));
  });
  const client = connect({ path, allowHalfOpen: true });
  client.end('a question');
  let answer = '';
  client.on('data', (part) => {
    answer += part;
  });
  await once(client, 'end');
  expect(answer).toBe('heard a question');
});

it('makes a service wait for its slow client, and keeps little meanwhile', async () => {
  const block = Buffer.alloc(1_000_000);
  const path = await gateway((socket) => {
    const fill = () => {
      while (socket.writable && socket.write(block));
    };
    socket.on('drain', fill);
    fill();
  });
  const client = connect(path);
  await once(client, 'readable');
  const [service] = accepted;
  // Once the kernel's buffers are full the service's queue no longer moves, however long one looks.
  const moved = () => service?.bytesWritten ?? 0;
  let before = -1;
  await expect
    .poll(
      () => {
        const still = moved() === before;
        before = moved();
        return still;
      },
      { interval: 300, timeout: 20_000 },
    )
    .toBe(true);
  expect(moved()).toBeLessThan(64_000_000);
  const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${relay?.pid}/status`, 'utf8'))?.[1]);
  expect(resident).toBeLessThan(40_000);
  client.destroy();
  if (service) await closed(service);
});

it('closes a client whose service is not there or goes away, and serves the next', async () => {
  const path = await gateway((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const cut = connect(path);
  cut.write('x');
  await closed(cut);
  const other = connect(path);
  await once(other, 'connect');
  server?.close();
  other.write('x');
  await closed(other);
  const refused = connect(path);
  await closed(refused);
  expect(relay?.exitCode).toBe(null);
});

it('serves as many clients as it says, closes those beyond, and serves again when some have gone', async () => {
  const path = await gateway((socket) => socket.pipe(socket));
  const clients: Socket[] = [];
  let gone = 0;
  for (let number = 0; number < 500; number += 1) {
    const client = connect(path);
    client.on('error', () => {});
    client.once('close', () => {
      gone += 1;
    });
    clients.push(client);
  }
  await expect.poll(() => gone, { timeout: 10_000 }).toBe(20);
  const served = clients.filter((client) => !client.closed);
  const answers = served.map((client) => once(client, 'data'));
  for (const client of served) client.write('?');
  expect(await Promise.all(answers)).toHaveLength(480);
  for (const client of served.slice(0, 100)) client.destroy();
  await expect.poll(() => [...accepted].filter((socket) => !socket.closed).length).toBe(380);
  const late = connect(path);
  late.write('late');
  expect(String(await once(late, 'data'))).toBe('late');
  for (const client of [...served, late]) client.destroy();
});
