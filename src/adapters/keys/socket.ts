import { chmodSync, closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type KeysDesk, type NamedSecrets, protectorKinds, type Rotated } from '../../access/keys/ports.ts';
import { type Refusal, Refused, type Result } from '../../journal/result.ts';

/**
 * How `reflexe keys` and `reflexe secret` reach the hub that runs: a Unix socket in its keys folder (0700), readable by the account
 * of the hub alone (0600). What is typed crosses it, and nothing else: no arguments, no environment. One request a connection,
 * a line of JSON each way; a rotation first hands over the new shares, and waits for a line that says they were taken.
 */
const socketName = 'hub.socket';
/** A secret and its escapes. */
const lineCharactersMax = 1_000_000;

const text = z.string().max(lineCharactersMax);
const Request = z.discriminatedUnion('act', [
  z.object({ act: z.literal('status') }),
  z.object({
    act: z.literal('unlock'),
    typed: z.union([z.object({ passphrase: text }), z.object({ shares: z.array(text).max(16) })]),
  }),
  z.object({
    act: z.literal('add'),
    wanted: z.object({
      kind: z.enum(protectorKinds),
      label: z.string().max(100),
      passphrase: text.exactOptional(),
      file: text.exactOptional(),
      pcrs: text.exactOptional(),
    }),
  }),
  z.object({ act: z.literal('remove'), id: text }),
  z.object({ act: z.literal('rotate'), passphrases: z.record(z.string(), text) }),
  z.object({ act: z.literal('secret set'), name: text, value: text }),
  z.object({ act: z.literal('secret list') }),
  z.object({ act: z.literal('secret remove'), name: text }),
]);
type Request = z.infer<typeof Request>;

/** What a line asks; undefined for anything that is no request of ours. */
export const requestIn = (line: string | undefined): Request | undefined => Request.safeParse(parsed(line)).data;

type Reply = { show: Rotated } | { answer: Result<unknown> };

/** A path that fits in a Unix socket's address (108 bytes) wherever the folder is: through a descriptor of it. */
function reachable<Value>(folder: string, use: (path: string) => Value): { value: Value; done(): void } {
  const descriptor = openSync(folder, 'r');
  return { value: use(`/proc/self/fd/${descriptor}/${socketName}`), done: () => closeSync(descriptor) };
}

export interface DeskServer {
  close(): Promise<void>;
}

/** Serves the desk in `folder`; the caller holds the folder's lock, so a socket found there is a dead hub's. */
export async function serveDesk(folder: string, desk: KeysDesk, secrets: NamedSecrets): Promise<DeskServer> {
  rmSync(join(folder, socketName), { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    void serveOne(socket, desk, secrets)
      .catch(() => undefined)
      .finally(() => socket.end());
  });
  const { value: path, done } = reachable(folder, (one) => one);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(join(folder, socketName), 0o600);
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
      done();
    },
  };
}

async function serveOne(socket: Socket, desk: KeysDesk, secrets: NamedSecrets): Promise<void> {
  const lines = linesOf(socket);
  const tell = (reply: Reply) => void socket.write(`${JSON.stringify(reply)}\n`);
  const asked = requestIn(await lines.next());
  if (asked === undefined) return tell({ answer: { ok: false, refusal: notUnderstood } });
  const show = async (rotated: Rotated): Promise<void> => {
    tell({ show: rotated });
    if ((await lines.next()) !== 'taken') throw new Error('not taken');
  };
  tell({ answer: await answerTo(asked, desk, secrets, show) });
}

function answerTo(
  asked: Request,
  desk: KeysDesk,
  secrets: NamedSecrets,
  show: (rotated: Rotated) => Promise<void>,
): Promise<Result<unknown>> {
  switch (asked.act) {
    case 'status':
      return desk.status();
    case 'unlock':
      return desk.unlock(asked.typed);
    case 'add':
      return desk.add(asked.wanted);
    case 'remove':
      return desk.remove(asked.id);
    case 'rotate':
      return desk.rotate(asked.passphrases, show);
    case 'secret set':
      return refusals(() => secrets.set(asked.name, asked.value));
    case 'secret list':
      return refusals(() => secrets.list());
    case 'secret remove':
      return refusals(() => secrets.remove(asked.name));
  }
}

async function refusals<Value>(work: () => Promise<Result<Value>>): Promise<Result<Value>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

export interface RemoteDesk {
  keys: KeysDesk;
  secrets: Omit<NamedSecrets, 'read'>;
}

/** The desk of the hub that runs on this folder; undefined where none does. */
export async function reachDesk(folder: string): Promise<RemoteDesk | undefined> {
  if (!existsSync(join(folder, socketName))) return undefined;
  const probe = await connected(folder);
  if (probe === undefined) return undefined;
  probe.destroy();
  // What the hub answers is our own code's: this is the validated border.
  const ask = async <Value>(request: Request, show?: (rotated: Rotated) => Promise<void>): Promise<Result<Value>> => {
    const socket = await connected(folder);
    if (socket === undefined) return { ok: false, refusal: hubGone };
    try {
      const lines = linesOf(socket);
      socket.write(`${JSON.stringify(request)}\n`);
      for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
        const reply = parsed(line) as Reply;
        if ('answer' in reply) return reply.answer as Result<Value>;
        await show?.(reply.show);
        socket.write('taken\n');
      }
      return { ok: false, refusal: hubGone };
    } finally {
      socket.destroy();
    }
  };
  return {
    keys: {
      status: () => ask({ act: 'status' }),
      unlock: (typed) => ask({ act: 'unlock', typed }),
      add: (wanted) => ask({ act: 'add', wanted }),
      remove: (id) => ask({ act: 'remove', id }),
      rotate: (passphrases, show) => ask({ act: 'rotate', passphrases }, show),
    },
    secrets: {
      set: (name, value) => ask({ act: 'secret set', name, value }),
      list: () => ask({ act: 'secret list' }),
      remove: (name) => ask({ act: 'secret remove', name }),
    },
  };
}

function connected(folder: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const { value: socket, done } = reachable(folder, (path) => connect(path));
    socket.once('close', done);
    socket.once('connect', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
  });
}

/** One line after the other; undefined at the end, or for a line longer than any of ours. */
function linesOf(socket: Socket): { next(): Promise<string | undefined> } {
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  let received = 0;
  socket.on('data', (bytes: Buffer) => {
    received += bytes.length;
    if (received > 4 * lineCharactersMax) socket.destroy();
  });
  return { next: async () => (await lines.next()).value };
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
}

const notUnderstood: Refusal = {
  code: 'keys-request-unknown',
  message: 'The hub does not know this request.',
  expected: 'a command of the same version as the hub',
  kept: 'Nothing was changed.',
  retryable: false,
};
const hubGone: Refusal = {
  code: 'hub-gone',
  message: 'The hub ended before it answered.',
  kept: 'What it had written.',
  cure: 'Look at the state: reflexe keys status.',
  retryable: true,
};
