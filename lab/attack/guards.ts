import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { readRecord } from '../run/record.ts';

/** Name of the file without which nothing in a directory is touched. */
export const MARKER = '.reflexe-lab-marker';

/** The run's random token, and the very directory it was placed in: a copy of the directory, restored, is not marked. */
const markerText = (folder: string, token: string): string => {
  const { dev, ino } = lstatSync(folder);
  return `${token} ${dev}:${ino}`;
};

/** Gives a directory of this run to the attacker. */
export function placeMarker(folder: string, token: string): void {
  writeFileSync(join(folder, MARKER), markerText(folder, token), { flag: 'wx' });
}

export type GuardCode =
  | 'attack-no-run'
  | 'attack-outside-run'
  | 'attack-precious-folder'
  | 'attack-through-link'
  | 'attack-not-a-folder'
  | 'attack-no-marker'
  | 'attack-wrong-marker';

/** Nothing was touched. */
export class AttackRefused extends Error {
  readonly code: GuardCode;

  constructor(code: GuardCode, message: string) {
    super(`${message} Nothing was touched.`);
    this.code = code;
  }
}

const below = (path: string, folder: string): boolean => path.startsWith(folder === '/' ? '/' : `${folder}/`);

/** Folders no attack may hold: the machine's root, the person's home, where we are, this very code, the temporary folder. */
function precious(): string[] {
  const own = dirname(new URL(import.meta.url).pathname);
  return [
    '/',
    homedir(),
    process.cwd(),
    tmpdir(),
    own,
    '/usr',
    '/etc',
    '/var',
    '/home',
    '/root',
    '/proc',
    '/sys',
    '/dev',
  ];
}

/** The run's token, if `folder` is truly one of the lab's: by its record, and the same device and inode as when made. */
export function runToken(folder: string): string {
  const record = isAbsolute(folder) && normalize(folder) === folder ? readRecord(folder) : undefined;
  const made = record?.run.folder;
  const found = made && realpathSync(folder) === folder ? statSync(folder) : undefined;
  if (!record || !found || made?.path !== folder || made.device !== found.dev || made.inode !== found.ino) {
    throw new AttackRefused('attack-no-run', `${folder}: expected the folder of a lab's run, with its record.`);
  }
  return record.run.token;
}

/** Passes only a real directory, below the run's folder, that this run marked. */
export function checkTarget(target: string, runFolder: string, token: string): void {
  if (!isAbsolute(target) || normalize(target) !== target || (target.endsWith('/') && target !== '/')) {
    throw new AttackRefused('attack-outside-run', `${target}: expected a plain absolute path.`);
  }
  if (precious().some((folder) => folder === target || below(folder, target))) {
    throw new AttackRefused('attack-precious-folder', `${target}: holds what the lab does not own.`);
  }
  if (!below(target, runFolder)) {
    throw new AttackRefused('attack-outside-run', `${target}: expected a folder below ${runFolder}.`);
  }
  const found = lstatSync(target, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() || (found && realpathSync(target) !== target)) {
    throw new AttackRefused('attack-through-link', `${target}: reached through a symbolic link.`);
  }
  if (!found?.isDirectory()) throw new AttackRefused('attack-not-a-folder', `${target}: expected a directory.`);
  checkMarker(target, markerText(target, token));
}

function checkMarker(target: string, expected: string): void {
  const path = join(target, MARKER);
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    throw new AttackRefused('attack-no-marker', `${target}: holds no ${MARKER} of its own.`);
  }
  try {
    const status = fstatSync(file);
    const plain = status.isFile() && status.nlink === 1 && status.size === expected.length;
    if (!plain || readFileSync(file, 'utf8') !== expected) {
      throw new AttackRefused('attack-wrong-marker', `${path}: is not this run's marker.`);
    }
  } finally {
    closeSync(file);
  }
}
