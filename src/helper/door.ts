import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { accept, type Refusal, type Result } from '../journal/result.ts';
import { Allowance } from './allowance.ts';
import { openDoorway } from './doorway.ts';
import type { Peer } from './peer.ts';
import { Request, requestBytesMax } from './protocol.ts';

/** One hub, its command line, and a little room; each waits for its answers. */
const connectionsMax = 8;
const callsPerConnectionMax = 32;
/** Connections are kept: whoever makes more than this is told apart at the cost of a process each time, and that is bounded. */
const connections = { burst: 64, perSecond: 4 };
/** A whole room is started, proved, stopped and closed within the burst; after it, the record and the machine are spared. */
const calls = { burst: 256, perSecond: 8 };

export interface Door {
  close(): Promise<void>;
}

/** Why something said at the door was not obeyed; for the record. */
export type Unheard = 'caller-refused' | 'request-refused' | 'too-many-calls';

export interface Doorkeeper {
  /** Who opened this connection, by the kernel's word; undefined where it cannot be known. */
  peerOf(socket: Socket): Promise<Peer | undefined>;
  obey(request: Request, peer: Peer): Promise<Result<unknown>>;
  /** Every word that is not obeyed is told, but for those of a flood. */
  refused(why: Unheard, peer: Peer | undefined): void;
}

/**
 * Listens on a Unix socket for the hub's user, and root. The mode of the socket is the first lock; whatever it says, the
 * kernel's word on who connected is the second. Each line is one request; a line too long, not JSON or not in the
 * vocabulary is answered with a refusal, and the first also ends its connection: what follows cannot be trusted.
 */
export async function openDoor(
  path: string,
  hub: { uid: number; gid: number },
  keeper: Doorkeeper,
): Promise<Result<Door>> {
  const doorway = await openDoorway(path, hub);
  if (!doorway.ok) return doorway;
  const sockets = new Set<Socket>();
  const meetings = new Allowance(connections.burst, connections.perSecond, performance.now());
  const spoken = new Allowance(calls.burst, calls.perSecond, performance.now());
  const meet = async (socket: Socket) => {
    if (!meetings.take(performance.now())) return socket.destroy();
    const peer = await keeper.peerOf(socket);
    if (peer === undefined || (peer.uid !== 0 && peer.uid !== hub.uid)) {
      keeper.refused('caller-refused', peer);
      return socket.end(`${JSON.stringify({ id: null, ok: false, refusal: callerRefused })}\n`, () => socket.destroy());
    }
    return converse(socket, peer, keeper, spoken);
  };
  // Nothing is read before it is known who speaks.
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    void meet(socket);
  });
  server.maxConnections = connectionsMax;
  // Never open to others, not even between its making and its change of owner.
  const before = process.umask(0o177);
  try {
    server.listen(doorway.value.listenAt);
    await once(server, 'listening');
  } finally {
    process.umask(before);
  }
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    doorway.value.close();
  };
  const given = doorway.value.give();
  if (given.ok) return accept({ close });
  await close();
  return given;
}

function converse(socket: Socket, peer: Peer, keeper: Doorkeeper, spoken: Allowance): void {
  let waiting = Buffer.alloc(0);
  let open = 0;
  const reply = (answer: object) => {
    if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
  };
  const hear = async (line: string) => {
    const isAllowed = spoken.take(performance.now());
    const read = readRequest(line);
    if (!isAllowed) return reply({ id: read.ok ? read.request.id : read.id, ok: false, refusal: tooManyCalls });
    if (!read.ok) {
      keeper.refused('request-refused', peer);
      return reply({ id: read.id, ok: false, refusal: read.refusal });
    }
    open += 1;
    if (open >= callsPerConnectionMax) socket.pause();
    const result = await keeper.obey(read.request, peer);
    open -= 1;
    socket.resume();
    reply({ id: read.request.id, ...result });
  };
  socket.on('data', (part) => {
    waiting = Buffer.concat([waiting, typeof part === 'string' ? Buffer.from(part) : part]);
    for (let end = waiting.indexOf(10); end >= 0 && end <= requestBytesMax; end = waiting.indexOf(10)) {
      void hear(waiting.toString('utf8', 0, end));
      waiting = waiting.subarray(end + 1);
    }
    if (waiting.length <= requestBytesMax) return;
    keeper.refused('request-refused', peer);
    socket.removeAllListeners('data').pause();
    socket.end(`${JSON.stringify({ id: null, ok: false, refusal: tooLong })}\n`, () => socket.destroy());
  });
  socket.resume();
}

const callerRefused: Refusal = {
  code: 'caller-refused',
  message: 'The helper obeys the hub only, and the kernel says that this connection was made by another user.',
  expected: 'the user the helper was started for (--allow-uid), or root',
  kept: 'nothing of it was read',
  cure: 'ask through the hub; if this is the hub, start the helper with the number of its user (`id -u`)',
  retryable: false,
};

const tooManyCalls: Refusal = {
  code: 'too-many-calls',
  message: `The helper is asked too much: ${calls.burst} calls at once, then ${calls.perSecond} a second.`,
  expected: 'a hub that waits for its answers',
  kept: 'nothing was done',
  cure: 'ask again in a while',
  retryable: true,
};

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
