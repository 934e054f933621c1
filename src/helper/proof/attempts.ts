import { readlinkSync } from 'node:fs';
import type { RecordedMember, RecordedRoom } from '../record.ts';
import { isLive, type Machine } from '../room/machine.ts';
import { identify } from '../room/processes.ts';
import { addressOf } from '../room/rules.ts';
import { type Canaries, hostAddresses, hostResolvers, hostUnixSockets } from './canaries.ts';

/** Enough to show that none is in reach; a host has hundreds. */
const unixSocketsMax = 32;
const namespaceKinds = ['mnt', 'pid', 'ipc', 'uts', 'net', 'cgroup'];

/** Every forbidden path of one member, as the probe reads them: path|target|details. */
export function attemptsFor(
  machine: Machine,
  room: RecordedRoom,
  member: RecordedMember,
  canaries: Canaries,
): string[] {
  const attempts: string[] = [];
  const add = (path: string, target: string, ...details: (string | number)[]) =>
    attempts.push([path, target, ...details].join('|'));
  const { word, loopback } = canaries;
  const host = hostAddresses();
  const others = Object.values(room.members).filter((other) => isLive(other) && other.index !== member.index);

  add('ipv4-tcp', 'host loopback', '127.0.0.1', loopback.v4.tcp, word);
  add('ipv4-udp', 'host loopback', '127.0.0.1', loopback.v4.udp, word);
  add('ipv6-tcp', 'host loopback', '::1', loopback.v6?.tcp ?? loopback.v4.tcp, word);
  add('ipv6-udp', 'host loopback', '::1', loopback.v6?.udp ?? loopback.v4.udp, word);
  for (const address of host.v4) {
    add('ipv4-tcp', `host ${address}`, address, loopback.v4.tcp);
    add('ipv4-udp', `host ${address}`, address, loopback.v4.udp);
    add('icmp', `host ${address}`, address);
  }
  for (const address of host.v6) {
    add('ipv6-tcp', `host ${address}`, address, loopback.v4.tcp);
    add('ipv6-udp', `host ${address}`, address, loopback.v4.udp);
  }
  for (const address of new Set([...hostResolvers(), ...host.v4])) add('dns', address, address);
  for (const other of others) {
    const address = addressOf(other.index);
    const declared = member.spec.reaches.filter((reach) => reach.member === other.spec.id).map(({ port }) => port);
    // Its own ports, and one on which nothing listens: a refusal would have crossed the room as well.
    for (const port of [...other.spec.listens, loopback.v4.tcp]) {
      if (!declared.includes(port)) add('undeclared-port', `${other.spec.id} port ${port}`, address, port);
    }
    add('undeclared-udp', `${other.spec.id} udp`, address, loopback.v4.udp);
    add('icmp', other.spec.id, address);
  }

  for (const kind of ['raw-socket', 'packet-socket', 'vsock', 'netlink', 'other-socket']) add(kind, 'socket call');
  add('unix-pathname', 'canary of the host', canaries.unixPath);
  for (const path of hostUnixSockets(unixSocketsMax)) {
    if (path !== canaries.unixPath) add('unix-pathname', path, path);
  }
  add('unix-abstract', 'canary of the host', canaries.unixAbstract);
  add('descriptors', 'inherited');
  for (const pid of [process.pid, 1]) {
    const identity = identify(pid);
    if (identity !== undefined) add('host-process', pid === 1 ? 'process 1' : 'helper', pid, identity.startTicks);
  }
  add('host-file', 'canary of the host', canaries.file, word);
  add('write-outside', 'canary of the host', canaries.folder);
  for (const folder of [
    '/',
    '/usr',
    '/usr/local/bin',
    '/etc',
    '/var',
    '/run',
    '/dev',
    '/home',
    '/root',
    room.folder,
    machine.folder,
  ]) {
    add('write-outside', folder, folder);
  }
  for (const file of ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sysrq-trigger'])
    add('kernel-setting', file, file);
  for (const kind of namespaceKinds) add('namespace', kind, kind, readlinkSync(`/proc/self/ns/${kind}`));
  for (const path of ['privileges', 'new-namespace', 'io-uring']) add(path, 'itself');
  return attempts;
}
