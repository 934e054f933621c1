import {
  chownSync,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { basename, dirname } from 'node:path';
import { accept, type Result, refuse } from '../journal/result.ts';
import { type OpenDirectory, openDirectory } from './room/paths.ts';

/** linux/fcntl.h; Node names it nowhere. A descriptor that only says which file it is. */
const O_PATH = 0o10000000;
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/**
 * The place of the helper's socket: its folder stays open, and everything is done through it. The folder may be the
 * hub's, who could put a link where the socket was: no path in it is ever followed, only the very file that was looked at.
 */
export interface Doorway {
  /** Where to listen: through the open folder, wherever its path leads by then. */
  listenAt: string;
  /** Gives the socket just made to the hub. */
  give(): Result<void>;
  close(): void;
}

interface Owner {
  uid: number;
  gid: number;
}

/** The folder must be closed to everyone but the hub, and the name in it free or left by a helper that is gone. */
export async function openDoorway(path: string, hub: Owner): Promise<Result<Doorway>> {
  const refused = (where: string, because: string, cure: string) =>
    refuse('helper-socket-refused', `The helper cannot listen on ${path}: ${because}.`, {
      where,
      expected:
        'a folder of mode 0700 owned by the hub or by root, without symbolic links, a path of at most 107 bytes',
      kept: 'nothing was started',
      cure,
    });
  if (Buffer.byteLength(path) > 107)
    return refused(path, 'the path is too long for a Unix socket', 'choose a shorter one');
  const folder = dirname(path);
  const opened = openOrMake(folder, hub, 0o700);
  if (!opened.ok) return refused(folder, opened.refusal.message, 'give the real path (`realpath`) of the folder');
  const { fd, uid, mode, close } = opened.value;
  const at = `/proc/self/fd/${fd}/${basename(path)}`;
  const not = (...[where, because, cure]: Parameters<typeof refused>) => {
    close();
    return refused(where, because, cure);
  };
  if ((mode & 0o077) !== 0 || (uid !== 0 && uid !== hub.uid))
    return not(folder, 'its folder is open to other users', `chown ${hub.uid} ${folder} && chmod 0700 ${folder}`);
  const found = lstatSync(at, { throwIfNoEntry: false });
  if (found !== undefined) {
    if (!found.isSocket()) return not(path, 'something else stands there', `move ${path} away`);
    if (await answers(at)) return not(path, 'another helper listens there', 'stop it first');
    rmSync(at);
  }
  const give = (): Result<void> =>
    giveSocket(at, hub) ? accept(undefined) : refused(path, 'it was replaced while it was made', 'look who did it');
  return accept({ listenAt: at, give, close });
}

/** What is missing of the path is made one by one inside the last part that exists, the last of them the hub's. */
function openOrMake(path: string, owner: Owner, mode: number): Result<OpenDirectory> {
  const opened = openDirectory(path);
  if (opened.ok || path === '/' || lstatSync(path, { throwIfNoEntry: false }) !== undefined) return opened;
  const parent = openOrMake(dirname(path), { uid: 0, gid: 0 }, 0o755);
  if (!parent.ok) return parent;
  try {
    const made = `/proc/self/fd/${parent.value.fd}/${basename(path)}`;
    mkdirSync(made, { mode });
    const fd = openSync(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (fstatSync(fd).uid === 0) fchownSync(fd, owner.uid, owner.gid);
    const found = fstatSync(fd);
    return accept({ path, fd, uid: found.uid, mode: found.mode, close: () => closeSync(fd) });
  } finally {
    parent.value.close();
  }
}

/** `chown` of a path would follow a link put there meanwhile, and give away any file of the machine. */
function giveSocket(at: string, hub: Owner): boolean {
  if (lstatSync(at, { throwIfNoEntry: false }) === undefined) return false;
  const fd = openSync(at, O_PATH | O_NOFOLLOW);
  try {
    const found = fstatSync(fd);
    if (!found.isSocket() || found.uid !== 0) return false;
    chownSync(`/proc/self/fd/${fd}`, hub.uid, hub.gid);
    return true;
  } finally {
    closeSync(fd);
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
