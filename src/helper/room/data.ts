import { fchmodSync } from 'node:fs';
import { accept, type Result } from '../../journal/result.ts';
import type { Program } from '../programFile.ts';
import type { RecordedRoom } from '../record.ts';
import { type Account, findAccount } from './accounts.ts';
import { isLive, type Machine } from './machine.ts';
import { isInside, type OpenDirectory, openDirectory, overlap, refusePath } from './paths.ts';
import { run } from './tools.ts';

/** A recovery may restore millions of files; their owner is changed one by one. */
const chownMillisecondsMax = 3_600_000;

/** The room's folder, as the hub names it: a real folder that the hub owns. */
export function openRoomFolder({ hub, roomsFolder, folder: own }: Machine, path: string): Result<OpenDirectory> {
  if (path === '/' || overlap(own, path)) return refusePath(path, 'it holds the helper or the whole machine');
  if (roomsFolder !== undefined && !isInside(roomsFolder, path))
    return refusePath(path, `it is not inside ${roomsFolder}`);
  const opened = openDirectory(path);
  if (!opened.ok || opened.value.uid === hub.uid) return opened;
  opened.value.close();
  return refusePath(path, `it belongs to user ${opened.value.uid}, not to the hub's user ${hub.uid}`);
}

/** A member's data: inside the room's folder, the hub's or already its program's, and no other member's. */
export function openDataDirectory(
  machine: Machine,
  room: RecordedRoom,
  id: string,
  path: string,
  account: Account,
): Result<OpenDirectory> {
  if (!isInside(room.folder, path)) return refusePath(path, `it is not inside the room's folder ${room.folder}`);
  const shared = Object.values(room.members).find(
    (other) => isLive(other) && other.spec.id !== id && overlap(other.spec.dataDirectory, path),
  );
  if (shared !== undefined) return refusePath(path, `it overlaps the data of member ${shared.spec.id}`);
  const opened = openDirectory(path);
  if (!opened.ok) return opened;
  const { uid } = opened.value;
  // A hub that is root restores with the owners the backup says; another can only have its own.
  if (machine.hub.uid === 0 || uid === machine.hub.uid || uid === account.uid) return opened;
  opened.value.close();
  return refusePath(path, `it belongs to user ${uid}, neither the hub nor ${account.name}`);
}

/**
 * Gives a data folder, and all in it, to a user. `chown` runs in a sandbox that holds this folder and nothing else
 * writable, so that no link or race inside it leads to another file of the host. `from`: only what this user owns, so
 * that a hub which is not root can give away its own files only, and gets back only what it gave.
 */
export async function giveData(
  { tools }: Machine,
  directory: OpenDirectory,
  owner: { uid: number; gid: number },
  from: number | undefined,
): Promise<Result<void>> {
  // Not --unshare-all: in a user namespace these capabilities would be worth nothing on the host's files.
  const apart = ['net', 'pid', 'ipc', 'uts'].map((kind) => `--unshare-${kind}`);
  const system = ['/lib', '/lib64'].flatMap((path) => ['--ro-bind-try', path, path]);
  const capabilities = ['CAP_CHOWN', 'CAP_DAC_READ_SEARCH', 'CAP_FSETID'].flatMap((name) => ['--cap-add', name]);
  const wall = [...apart, '--die-with-parent', '--new-session', '--clearenv', '--ro-bind', '/usr', '/usr', ...system];
  const only = from === undefined ? [] : [`--from=${from}`];
  const chown = [tools.chown, '--recursive', '--no-dereference', '-P', ...only, `${owner.uid}:${owner.gid}`, '/data'];
  const done = await run(
    tools.bwrap,
    [...wall, '--bind-fd', '3', '/data', '--cap-drop', 'ALL', ...capabilities, '--', ...chown],
    { descriptors: [directory.fd], millisecondsMax: chownMillisecondsMax },
  );
  return done.ok ? accept(undefined) : done;
}

export async function prepareData(
  machine: Machine,
  directory: OpenDirectory,
  account: Account,
  program: Program,
): Promise<Result<void>> {
  const given = await giveData(machine, directory, account, machine.hub.uid === 0 ? undefined : machine.hub.uid);
  if (given.ok) fchmodSync(directory.fd, Number.parseInt(program.dataMode, 8));
  return given;
}

/** A hub that is not root gets its folder back, to read or remove. Gone or replaced by a link: nothing is touched. */
export async function returnData(machine: Machine, path: string, program: Program): Promise<Result<void>> {
  const account = findAccount(program.user);
  const directory = machine.hub.uid === 0 ? undefined : openDirectory(path);
  if (!account.ok || !directory?.ok) return accept(undefined);
  const given = await giveData(machine, directory.value, machine.hub, account.value.uid);
  directory.value.close();
  return given;
}
