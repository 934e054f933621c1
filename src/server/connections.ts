import type { Server } from 'node:http';
import { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { ServerLimits } from './limits.ts';

/** First byte of a TLS record that carries a handshake (RFC 8446, 5.1). */
const handshakeRecord = 0x16;

/**
 * Who may stay connected: so many from one address, so many handshakes at once; and where TLS is spoken, what a first byte that
 * does not is given to. In front of Node's own listeners, which see only what passed.
 */
export function guardConnections(
  server: Server,
  { limits, isBehindProxy }: { limits: ServerLimits; isBehindProxy: boolean },
  plain: ((socket: Socket) => void) | undefined,
): void {
  const heldBy = new Map<string, number>();
  /** Handshakes begun and not over, by both ends of the connection. */
  const pending = new Set<string>();
  const pass = server.listeners('connection');
  server.removeAllListeners('connection');

  const give = (socket: Socket): void => {
    for (const listener of pass) listener.call(server, socket);
  };

  server.on('connection', (socket: Socket) => {
    const from = addressGroup(socket.remoteAddress ?? '');
    const isProxy = isBehindProxy && isLoopback(socket.remoteAddress ?? '');
    const held = heldBy.get(from) ?? 0;
    if (!isProxy && held >= limits.connectionsPerAddress) {
      socket.destroy();
      return;
    }
    heldBy.set(from, held + 1);
    socket.once('close', () => {
      const left = (heldBy.get(from) ?? 1) - 1;
      if (left > 0) heldBy.set(from, left);
      else heldBy.delete(from);
    });
    if (plain === undefined) {
      give(socket);
      return;
    }
    if (pending.size >= limits.handshakes) {
      socket.destroy();
      return;
    }
    const ends = endsOf(socket);
    const settled = () => void pending.delete(ends);
    pending.add(ends);
    socket.once('close', settled);
    sortByFirstByte(socket, limits.handshakeMilliseconds, give, (spoken) => {
      settled();
      plain(spoken);
    });
  });

  if (server instanceof SecureServer) server.on('secureConnection', (secure) => pending.delete(endsOf(secure)));
}

/** The same for a connection and for the TLS on it. */
const endsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;

function sortByFirstByte(
  socket: Socket,
  patienceMilliseconds: number,
  secure: (socket: Socket) => void,
  plain: (socket: Socket) => void,
): void {
  const impatient = setTimeout(() => socket.destroy(), patienceMilliseconds);
  const gone = () => clearTimeout(impatient);
  const failed = () => socket.destroy();
  socket.once('close', gone);
  socket.once('error', failed);
  socket.once('readable', () => {
    clearTimeout(impatient);
    socket.off('close', gone);
    socket.off('error', failed);
    const first: unknown = socket.read();
    if (!(first instanceof Buffer) || first.length === 0) {
      socket.destroy();
      return;
    }
    socket.unshift(first);
    if (first[0] === handshakeRecord) secure(socket);
    else plain(socket);
  });
}

/** What stands for one place: an IPv4 address, or the /64 an IPv6 host chooses its addresses from. */
export function addressGroup(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill('0'), ...after]
    .slice(0, 4)
    .map((word) => word.replace(/^0+(?=.)/, ''))
    .join(':');
}

/** An address, as sockets give it. */
export const isLoopback = (address: string): boolean => /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/i.test(address);
