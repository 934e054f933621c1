import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { Damaged } from '../repository/damaged.ts';
import type { Failure, FinishTask } from '../threads/tasks.ts';
import { type PlannedFile, type PlannedTask, planned } from './plan.ts';
import type { Problems } from './problems.ts';
import type { Restoring } from './restore.ts';

/** The disk that is restored to is full: says nothing of the snapshot. */
export class DiskFull extends Error {}

const finishedAtOnce = 500;

/** Writes files whole, with their attributes. What cannot be is marked `damaged` in them. */
export async function writeBatch(
  { repository, crew, signal, progress }: Restoring,
  files: readonly PlannedFile[],
  bytesBefore: number,
  left: Problems,
): Promise<void> {
  const tasks = await planOf(repository, files);
  const broken: { given: PlannedTask; id: string; reason: string }[] = [];
  let bytes = bytesBefore;
  await crew.each(
    'write',
    tasks,
    (outcome, given) => {
      for (const { id, reason } of outcome.damaged) broken.push({ given, id, reason });
      for (const file of outcome.unfinished) delete given.planned[file]?.finished;
      for (const failure of outcome.failed) tell(given.planned[failure.entry], failure, left);
      bytes += outcome.bytes;
      progress(bytes);
    },
    signal,
  );
  for (const { given, id, reason } of broken) if (!signal.aborted) await mend(repository, given, id, reason);
  await crew.each(
    'finish',
    finishTasks(files),
    (outcome, given) => {
      for (const failure of outcome.failed) tell(given.planned[failure.entry], failure, left);
    },
    signal,
  );
}

function tell(file: PlannedFile | undefined, { what, code }: Failure, left: Problems): void {
  if (file === undefined) return;
  if (code === 'ENOSPC' || code === 'EDQUOT') throw new DiskFull();
  if (what === 'write') file.damaged ??= `it cannot be written here: ${code}`;
  else left.add(file.path, `${what}: ${code}`);
}

/** A blob that is damaged where the plan looked may stand whole elsewhere; otherwise its files are lost. */
async function mend(
  repository: Restoring['repository'],
  { task, planned: files }: PlannedTask,
  id: string,
  reason: string,
): Promise<void> {
  const targets = task.targets[task.span.blobs.findIndex((blob) => blob.id === id)] ?? [];
  const plain = await repository.blob(id, 'data').catch((error: unknown) => {
    if (error instanceof Damaged) return undefined;
    throw error;
  });
  for (let at = 0; at < targets.length; at += 2) {
    const [number = 0, offset = 0] = [targets[at], targets[at + 1]];
    const file = files[number];
    if (file === undefined) continue;
    if (plain === undefined) file.damaged ??= reason;
    else writeAt(file, plain, offset);
  }
}

function writeAt(file: PlannedFile, plain: Buffer, offset: number): void {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants;
  const descriptor = openSync(file.target, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600);
  try {
    for (let written = 0; written < plain.length; )
      written += writeSync(descriptor, plain, written, plain.length - written, offset + written);
  } finally {
    closeSync(descriptor);
  }
}

/** Empty files, and those that several spans wrote into. */
function* finishTasks(files: readonly PlannedFile[]): Generator<{ task: FinishTask; planned: PlannedFile[] }> {
  const unfinished = files.filter(({ damaged, finished }) => damaged === undefined && finished === undefined);
  for (let at = 0; at < unfinished.length; at += finishedAtOnce) {
    const some = unfinished.slice(at, at + finishedAtOnce);
    yield {
      planned: some,
      task: {
        kind: 'finish',
        entries: some.map(({ target, attributes, content }) => ({
          path: target,
          attributes,
          ...(content.length === 0 ? { make: true as const } : {}),
        })),
      },
    };
  }
}

/** A blob that no index knows may stand in one that prune wrote meanwhile. */
async function planOf(repository: Restoring['repository'], files: readonly PlannedFile[]): Promise<PlannedTask[]> {
  const table = await repository.blobs();
  const tasks = planned(table, files);
  if (files.every(({ damaged }) => damaged === undefined)) return tasks;
  const { table: newer } = await repository.refresh();
  if (newer === table) return tasks;
  for (const file of files) {
    delete file.damaged;
    delete file.finished;
  }
  return planned(newer, files);
}
