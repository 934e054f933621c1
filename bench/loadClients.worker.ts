import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';

/**
 * Everybody who asks of the hub, in a process of their own: open feeds, slow clients, and so many requests a second, each sent at its
 * own time whether or not those before it are answered; its wait counts from that time.
 */
const { port, authority, cookies, files } = JSON.parse(process.argv[2] ?? '{}');
const { perSecond, seconds, feeds, slow } = JSON.parse(process.argv[3] ?? '{}');
const ca = readFileSync(authority, 'utf8');
const host = '127.0.0.1';
const door = { host, port, ca, servername: 'localhost' };
const connectionsMax = 200;
/** Answers of a megabyte or more that a slow reader asks for on one connection: more than a kernel holds for it. */
const heldAtOnce = 12;
/** Handshakes begun together: as many as a morning's shift opens, not all the hospital in one instant. */
const together = 25;

const feedMessages = { count: 0, open: 0, lost: 0 };
const slowCut = { headers: 0, readers: 0 };
let isOver = false;

const opened = (): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect(door, () => resolve(socket));
    socket.on('error', reject);
  });

async function follow(at: number): Promise<void> {
  const socket = await opened();
  const views = at % 10 === 0 ? 'board,incidents' : 'board';
  socket.write(
    `GET /api/worlds/live/feed?views=${views} HTTP/1.1\r\nhost: localhost:${port}\r\ncookie: ${cookies[at % cookies.length]}\r\n\r\n`,
  );
  const first = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => {
    if (feedMessages.count < 0) return;
    feedMessages.count += chunk.toString('latin1').split('data: ').length - 1;
    first.resolve();
  });
  feedMessages.open += 1;
  socket.on('error', () => undefined);
  socket.on('close', () => {
    feedMessages.open -= 1;
    if (!isOver) feedMessages.lost += 1;
    first.resolve();
  });
  await first.promise;
}

/** One byte of a header now and then, and again as soon as it is cut. */
async function dribble(): Promise<void> {
  while (!isOver) {
    const socket = await opened().catch(() => undefined);
    if (socket === undefined) continue;
    socket.on('error', () => undefined);
    socket.resume();
    const drip = setInterval(() => socket.write('x'), 500);
    socket.write('GET /api/health HTTP/1.1\r\nhost: localhost\r\nx: ');
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(drip);
    if (!isOver) slowCut.headers += 1;
  }
}

/** Asks for large files, over and over, on one connection, and never reads them. */
async function hold(): Promise<void> {
  while (!isOver) {
    const socket = await opened().catch(() => undefined);
    if (socket === undefined) continue;
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(`GET ${files[0]} HTTP/1.1\r\nhost: localhost\r\n\r\n`.repeat(heldAtOnce));
    // A socket that is not read does not hear of its end but by writing.
    const heard = setInterval(() => socket.write('\r\n'), 1_000);
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(heard);
    if (!isOver) slowCut.readers += 1;
  }
}

const agent = new Agent({ ...door, keepAlive: true, maxSockets: connectionsMax });
const waits: { kind: string; milliseconds: number; at: number }[] = [];
const answers = new Map<string, number>();
const count = (what: string) => answers.set(what, (answers.get(what) ?? 0) + 1);

type Ask = { kind: string; method: string; path: string; body?: string };
const reads = ['/api/session', '/api/worlds', '/api/health', '/api/sessions'];
const careFunctions = ['regulation-samu', 'urgences', 'reanimation'];

/** Of twenty: twelve reads, seven files, one act. */
function askOf(at: number): Ask {
  const place = at % 20;
  if (place < 12) return { kind: 'read', method: 'GET', path: reads[at % reads.length] ?? '/' };
  if (place < 19) return { kind: 'file', method: 'GET', path: at % 3 === 0 ? '/' : files[at % files.length] };
  const p50 = new Date(Date.now() + 3_600_000 + at).toISOString();
  const p90 = new Date(Date.now() + 7_200_000 + at).toISOString();
  const body = JSON.stringify({ careFunction: careFunctions[at % careFunctions.length], p50, p90 });
  return { kind: 'act', method: 'POST', path: '/api/worlds/live/estimates', body };
}

function send(at: number, due: number, begun: number): Promise<void> {
  const { kind, method, path, body } = askOf(at);
  return new Promise((resolve) => {
    const done = (what: string) => {
      waits.push({ kind, milliseconds: performance.now() - due, at: due - begun });
      count(what);
      resolve();
    };
    const headers: { [name: string]: string } = {
      host: `localhost:${port}`,
      cookie: cookies[at % cookies.length],
      accept: '*/*',
      'accept-encoding': 'br',
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-reflexe': '1' }),
    };
    const asked = request({ agent, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status < 400) return done(`${kind} ${status}`);
        const { code } = JSON.parse(Buffer.concat(chunks).toString() || '{}').error ?? {};
        return done(
          code === undefined || code === 'internal' ? `error ${status}` : `refused ${kind} ${status} ${code}`,
        );
      });
      response.on('error', () => done('error answer cut'));
    });
    asked.on('error', (error: NodeJS.ErrnoException) => done(`error ${error.code}`));
    asked.end(body);
  });
}

for (let at = 0; at < feeds; at += together) {
  await Promise.all(Array.from({ length: Math.min(together, feeds - at) }, (_, next) => follow(at + next)));
}
const lingering = Array.from({ length: slow }, (_, at) => (at % 2 === 0 ? dribble() : hold()));
await pause(500);
process.stdout.write(`${JSON.stringify({ ready: true, feeds: feedMessages.open })}\n`);

const begun = performance.now();
const total = perSecond * seconds;
const under: Promise<void>[] = [];
for (let at = 0; at < total; ) {
  const due = Math.min(total, Math.ceil(((performance.now() - begun) / 1_000) * perSecond));
  for (; at < due; at += 1) under.push(send(at, begun + (at / perSecond) * 1_000, begun));
  await pause(2);
}
await Promise.all(under);
const took = (performance.now() - begun) / 1_000;
const open = feedMessages.open;
isOver = true;
const processor = process.cpuUsage();
process.stdout.write(
  `${JSON.stringify({ waits: waits.map(({ kind, milliseconds }) => [kind, milliseconds]), answers: [...answers], took, feeds: { ...feedMessages, open }, slowCut, processorSeconds: (processor.user + processor.system) / 1e6 })}\n`,
  () => process.exit(0),
);
void lingering;
