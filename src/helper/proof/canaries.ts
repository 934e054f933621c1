import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { canaryFolder, type Machine } from '../room/machine.ts';

/** Things of the host put within reach of any of its users while a proof runs: hearing one inside a member is an escape. */
export interface Canaries {
  /** Said by every canary; nothing else in the world says it. */
  word: string;
  /** TCP and UDP, on the host's own loopback only: no port is opened to a network. */
  loopback: { v4: { tcp: number; udp: number }; v6: { tcp: number; udp: number } | undefined };
  folder: string;
  file: string;
  unixPath: string;
  unixAbstract: string;
  /** How often any of them was reached: the host's own witness. */
  reached(): number;
  close(): void;
}

async function listening(server: Server, where: { path: string } | { host: string; port: number }): Promise<number> {
  server.listen(where);
  await once(server, 'listening');
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

export async function openCanaries(machine: Machine): Promise<Canaries> {
  const word = randomBytes(16).toString('hex');
  const folder = `${canaryFolder(machine)}/${word.slice(0, 8)}`;
  let reached = 0;
  const closers: (() => void)[] = [];
  const tcp = () => {
    const server = createServer((socket) => {
      reached += 1;
      socket.on('error', () => {});
      socket.end(word);
    });
    closers.push(() => server.close());
    return server;
  };
  const udp = async (type: 'udp4' | 'udp6', address: string) => {
    const socket = createSocket(type);
    closers.push(() => socket.close());
    socket.on('message', (_, from) => {
      reached += 1;
      socket.send(word, from.port, from.address, () => {});
    });
    socket.bind(0, address);
    await once(socket, 'listening');
    return socket.address().port;
  };
  const close = () => {
    for (const closer of closers.splice(0)) closer();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    const file = `${folder}/file`;
    writeFileSync(file, word, { mode: 0o644 });
    const unixPath = `${folder}/socket`;
    await listening(tcp(), { path: unixPath });
    chmodSync(unixPath, 0o666);
    const unixAbstract = `reflexe-canary-${word}`;
    await listening(tcp(), { path: `\0${unixAbstract}` });
    const v4 = { tcp: await listening(tcp(), { host: '127.0.0.1', port: 0 }), udp: await udp('udp4', '127.0.0.1') };
    const hasV6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
    const v6 = hasV6
      ? { tcp: await listening(tcp(), { host: '::1', port: 0 }), udp: await udp('udp6', '::1') }
      : undefined;
    return { word, loopback: { v4, v6 }, folder, file, unixPath, unixAbstract, reached: () => reached, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The host's addresses on its own networks, as a member might try them; loopback is tried apart. */
export function hostAddresses(): { v4: string[]; v6: string[] } {
  const all = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal }) => !internal);
  const of = (family: 'IPv4' | 'IPv6') => all.filter((entry) => entry.family === family).map(({ address }) => address);
  return {
    v4: of('IPv4').slice(0, 16),
    v6: of('IPv6')
      .filter((address) => !address.startsWith('fe80'))
      .slice(0, 16),
  };
}

export function hostResolvers(): string[] {
  try {
    return [...readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm)].map(
      ([, address]) => address ?? '',
    );
  } catch {
    return [];
  }
}

/** Pathname sockets that services of the host have open right now. */
export function hostUnixSockets(max: number): string[] {
  const paths = readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.split(/\s+/)[7] ?? '')
    .filter((path) => path.startsWith('/') && !path.includes('|'));
  return [...new Set(paths)].slice(0, max);
}
