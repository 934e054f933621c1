import { once } from 'node:events';
import { chownSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { accept, type Refusal, type Result, refuse } from '../journal/result.ts';
import { Request, requestBytesMax } from './protocol.ts';

/** One hub, its command line, and a little room; each waits for its answers. */
const connectionsMax = 8;
const callsPerConnectionMax = 32;

export interface Door {
  close(): Promise<void>;
}

/**
 * Listens on a Unix socket that only the hub's user may open. Each line is one request; a line too long, not JSON or not
 * in the vocabulary is answered with a refusal, and the first also ends its connection: what follows cannot be trusted.
 */
export async function openDoor(
  path: string,
  hub: { uid: number; gid: number },
  obey: (request: Request) => Promise<Result<unknown>>,
): Promise<Result<Door>> {
  const free = await freePath(path, hub);
  if (!free.ok) return free;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    converse(socket, obey);
  });
  server.maxConnections = connectionsMax;
  // Never open to others, not even between its making and its change of owner.
  const before = process.umask(0o177);
  try {
    server.listen(path);
    await once(server, 'listening');
  } finally {
    process.umask(before);
  }
  chownSync(path, hub.uid, hub.gid);
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return accept({ close });
}

/** The socket's folder must be closed to everyone else, and the path free or left by a helper that is gone. */
async function freePath(path: string, hub: { uid: number; gid: number }): Promise<Result<void>> {
  const refused = (where: string, because: string, cure: string) =>
    refuse('helper-socket-refused', `The helper cannot listen on ${path}: ${because}.`, {
      where,
      expected: 'a folder of mode 0700 owned by the hub or by root, and a path of at most 107 bytes',
      kept: 'nothing was started',
      cure,
    });
  if (Buffer.byteLength(path) > 107)
    return refused(path, 'the path is too long for a Unix socket', 'choose a shorter one');
  const folder = dirname(path);
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) chownSync(folder, hub.uid, hub.gid);
  const { uid, mode } = statSync(folder);
  if ((mode & 0o077) !== 0 || (uid !== 0 && uid !== hub.uid)) {
    return refused(folder, 'its folder is open to other users', `chown ${hub.uid} ${folder} && chmod 0700 ${folder}`);
  }
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return accept(undefined);
  if (!found.isSocket()) return refused(path, 'something else stands there', `move ${path} away`);
  if (await answers(path)) return refused(path, 'another helper listens there', 'stop it first');
  rmSync(path);
  return accept(undefined);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

function converse(socket: Socket, obey: (request: Request) => Promise<Result<unknown>>): void {
  let waiting = Buffer.alloc(0);
  let calls = 0;
  const reply = (answer: object) => {
    if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
  };
  const hear = async (line: string) => {
    const read = readRequest(line);
    if (!read.ok) return reply({ id: read.id, ok: false, refusal: read.refusal });
    calls += 1;
    if (calls >= callsPerConnectionMax) socket.pause();
    const result = await obey(read.request);
    calls -= 1;
    socket.resume();
    reply({ id: read.request.id, ...result });
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (part) => {
    waiting = Buffer.concat([waiting, typeof part === 'string' ? Buffer.from(part) : part]);
    for (let end = waiting.indexOf(10); end >= 0 && end <= requestBytesMax; end = waiting.indexOf(10)) {
      void hear(waiting.toString('utf8', 0, end));
      waiting = waiting.subarray(end + 1);
    }
    if (waiting.length <= requestBytesMax) return;
    socket.removeAllListeners('data').pause();
    socket.end(`${JSON.stringify({ id: null, ok: false, refusal: tooLong })}\n`, () => socket.destroy());
  });
}

const tooLong: Refusal = {
  code: 'request-refused',
  message: `A request is longer than ${requestBytesMax} bytes.`,
  expected: 'one short JSON object per line',
  kept: 'nothing was done; the connection is closed',
  cure: 'use a hub of the same version as the helper',
  retryable: false,
};

/** Everything the hub may say passes here, and nothing else of it is believed. */
export function readRequest(
  line: string,
): { ok: true; request: Request } | { ok: false; id: number | null; refusal: Refusal } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    json = undefined;
  }
  const parsed = Request.safeParse(json);
  if (parsed.success) return { ok: true, request: parsed.data };
  const given = typeof json === 'object' && json !== null && 'id' in json ? json.id : undefined;
  const id = typeof given === 'number' && Number.isSafeInteger(given) && given >= 0 ? given : null;
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; ');
  return {
    ok: false,
    id,
    refusal: {
      code: 'request-refused',
      message: `The helper refuses a request: ${where}`.slice(0, 600),
      expected: 'a request of its vocabulary, exactly',
      kept: 'nothing was done',
      cure: 'use a hub of the same version as the helper; if it is, report this',
      retryable: false,
    },
  };
}
