import type { Repository, Snapshot } from '../repository/repository.ts';
import { Crew } from '../threads/crew.ts';
import type { CheckOutcome, CheckTask } from '../threads/tasks.ts';
import { type Finding, Findings } from './findings.ts';
import { lostBelow } from './lostBelow.ts';

export interface Verified {
  /** False where anything the repository says it holds cannot be had back, wanted by a snapshot or not. */
  ok: boolean;
  packs: number;
  blobs: number;
  /** Bytes of packs read. */
  bytes: number;
  problems: Finding[];
  /** Odd, and no loss: packs no index names. */
  notes: Finding[];
  /** What each snapshot lost; `null` where not even its list of content can be read. */
  snapshots: { id: string; time: string | null; lost: string[] | null }[];
}

/**
 * Reads every byte of a repository: snapshots, indexes, packs (each blob and header under its seal, each blob against its SHA-256,
 * each index against the packs' own headers), and looks for every blob that a snapshot names. Read-only, like all here.
 */
export async function verify(
  repository: Repository,
  { signal, progress }: { signal: AbortSignal; progress(packs: number, total: number): void },
): Promise<Verified> {
  // Its threads start while the index is read.
  await using crew = new Crew({ at: repository.files.at, key: repository.key });
  const { whole, damaged } = await repository.snapshots();
  const { table, damaged: brokenIndexes } = await repository.index();
  const findings = new Findings();
  const notes = new Findings();
  for (const { id, reason } of damaged) findings.add(`snapshot ${id}`, reason);
  for (const { id, reason } of brokenIndexes) findings.add(`index ${id}`, reason);

  const numbers = new Map(table.packs.map((pack, number) => [pack, number]));
  const entries = table.byPack();
  /** Entries of the index that hold. */
  const sound = new Uint8Array(table.size);
  const present = await repository.files.list('data');
  const unnamed = present.filter((pack) => !numbers.has(pack));
  const packs = [...table.packs, ...unnamed];
  const read = { packs: 0, blobs: 0, bytes: 0 };
  const hear = (outcome: CheckOutcome, { task }: { task: CheckTask }): void => {
    const number = numbers.get(task.pack);
    const told = number === undefined ? notes : findings;
    if (number === undefined) notes.add(`pack ${task.pack}`, 'is named in no index');
    if (outcome.unreadable !== undefined) told.add(`pack ${task.pack}`, outcome.unreadable);
    for (const { id, reason } of outcome.damaged) told.add(`blob ${id}`, reason);
    const held = soundBlobs(outcome);
    for (const entry of number === undefined ? [] : (entries[number] ?? [])) {
      const { offset, length, plainLength } = table.place(entry);
      if (held.has(`${table.kind(entry)} ${table.id(entry)} ${offset} ${length} ${plainLength}`)) sound[entry] = 1;
      else if (outcome.entries !== null && !outcome.damaged.some(({ id }) => id === table.id(entry)))
        findings.add(`blob ${table.id(entry)}`, `pack ${task.pack} does not hold it where the index says`);
    }
    read.packs += 1;
    read.blobs += held.size;
    read.bytes += outcome.bytes;
    progress(read.packs, packs.length);
  };
  const tasks = packs.map((pack): { task: CheckTask } => ({ task: { kind: 'check', pack } }));
  await crew.each('check', tasks, hear, signal);
  const holds = (id: string, kind: 'data' | 'tree'): boolean =>
    table.find(id, kind).some((entry) => sound[entry] === 1);
  const snapshots: Verified['snapshots'] = damaged.map(({ id }) => ({ id, time: null, lost: null }));
  const lostOf = lostBelow(repository, holds);
  for (const { id, time, tree } of whole satisfies Snapshot[]) {
    if (signal.aborted) break;
    const lost = await lostOf(tree);
    for (const path of lost) findings.add(`snapshot ${id}`, `does not hold whole: ${path}`);
    snapshots.push({ id, time, lost });
  }
  return { ok: findings.count === 0, ...read, problems: findings.list(), notes: notes.list(), snapshots };
}

function soundBlobs({ entries, damaged }: CheckOutcome): Set<string> {
  const broken = new Set(damaged.map(({ id }) => id));
  return new Set(
    (entries ?? [])
      .filter(({ id }) => !broken.has(id))
      .map(({ kind, id, offset, length, plainLength }) => `${kind} ${id} ${offset} ${length} ${plainLength}`),
  );
}
