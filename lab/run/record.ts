import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Environment variable that marks every process a run starts, so that even one lost before its record line is found. */
export const RUN_MARK = 'REFLEXE_LAB_RUN';

/** PostgreSQL needs SIGQUIT, to remove its shared memory; what holds nothing outside its folder can be killed. */
const endingSignal = z.enum(['SIGTERM', 'SIGQUIT', 'SIGKILL']);
export type EndingSignal = z.infer<typeof endingSignal>;

/** What a run of the lab made, in the order it made it. Cleaning up trusts these lines and nothing else. */
const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    /** Marks every process of the run (its environment) and every directory the attacker may touch. */
    token: z.string().length(32),
    boot: z.string(),
    starter: z.object({ pid: z.number(), startTicks: z.number() }),
    /** False where the folder stood empty before: it is emptied at the end, not removed. */
    madeFolder: z.boolean(),
    folder: z.object({ path: z.string(), device: z.number(), inode: z.number() }),
    at: z.string(),
  }),
  z.object({ kind: z.literal('starting'), what: z.string() }),
  z.object({
    kind: z.literal('process'),
    what: z.string(),
    pid: z.number(),
    startTicks: z.number(),
    /** What ends it fastest without leaving anything behind: its data goes with it. */
    endsOn: endingSignal,
  }),
  z.object({ kind: z.literal('ready'), at: z.string() }),
]);

export type RecordEntry = z.infer<typeof entrySchema>;
export type RunEntry = Extract<RecordEntry, { kind: 'run' }>;
export type ProcessEntry = Extract<RecordEntry, { kind: 'process' }>;

export const recordPath = (folder: string): string => join(folder, 'record.jsonl');

/** Appends one line and returns once it is on disk: nothing may be relied on before. */
export function appendRecord(folder: string, entry: RecordEntry): void {
  const file = openSync(recordPath(folder), 'a', 0o600);
  try {
    writeSync(file, `${JSON.stringify(entry)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Undefined where there is no record. A torn last line (a crash while writing it) is left out: nothing relied on it yet. */
export function readRecord(folder: string): { run: RunEntry; entries: RecordEntry[] } | undefined {
  let text: string;
  try {
    text = readFileSync(recordPath(folder), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n');
  const torn = lines.pop();
  const entries = lines.map((line, index) => {
    const parsed = entrySchema.safeParse(JSON.parse(line));
    if (!parsed.success) throw new Error(`${recordPath(folder)}, line ${index + 1}: not a line of a lab's record`);
    return parsed.data;
  });
  const run = entries[0];
  if (run?.kind !== 'run') {
    if (entries.length === 0 && torn !== undefined) return undefined;
    throw new Error(`${recordPath(folder)}: expected the run's own line first; nothing was touched`);
  }
  return { run, entries };
}
