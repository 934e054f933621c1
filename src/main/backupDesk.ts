import { constants } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../adapters/backupTree/removeTree.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { type ComparedFolder, compareFolders } from '../restore/nights/compareFolders.ts';
import { notRestorable } from '../restore/nights/decide.ts';
import type { BackupSource, Work } from '../restore/ports.ts';
import type { BackupDesk, FetchedFile } from '../server/ports.ts';
import { Turns } from './nights/turns.ts';
import type { HospitalWorld } from './world.ts';

/** A browser keeps it whole; what is larger is for the command line. */
const FILE_BYTES_MAX = 500_000_000;

/** The desk of one establishment. What it restores stands in a private folder, and no longer than until it is opened. */
export class SourcesDesk implements BackupDesk {
  readonly #world: HospitalWorld;
  readonly #source: (name: string) => BackupSource | undefined;
  readonly #folder: string;
  readonly #turns = new Turns();

  /** What a life that was cut short left in `folder` is removed. */
  static async open(
    world: HospitalWorld,
    source: (name: string) => BackupSource | undefined,
    folder: string,
  ): Promise<SourcesDesk> {
    await removeTree(folder);
    return new SourcesDesk(world, source, folder);
  }

  private constructor(world: HospitalWorld, source: (name: string) => BackupSource | undefined, folder: string) {
    this.#world = world;
    this.#source = source;
    this.#folder = folder;
  }

  look({ component, snapshot, folder, against }: Parameters<BackupDesk['look']>[0], signal: AbortSignal) {
    return this.#turns.take(signal, component, async (work): Promise<Result<ComparedFolder>> => {
      const source = this.#sourceOf(component, snapshot, against ?? snapshot);
      if (!source.ok) return source;
      const now = await source.value.entries(snapshot, folder, work);
      if (!now.ok) return now;
      const before = against === null ? null : await source.value.entries(against, folder, work);
      if (before === null || before.ok) return accept(compareFolders(now.value, before?.value ?? null));
      // The whole folder is new.
      return before.refusal.code === 'path-unknown'
        ? accept(compareFolders(now.value, { entries: [], truncated: false }))
        : before;
    });
  }

  fetch(asked: Parameters<BackupDesk['fetch']>[0], actor: string, signal: AbortSignal) {
    return this.#turns.take(signal, asked.component, async (work): Promise<Result<FetchedFile>> => {
      const source = this.#sourceOf(asked.component, asked.snapshot);
      if (!source.ok) return source;
      const fit = await isFit(source.value, asked, work);
      if (!fit.ok) return fit;
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const into = await mkdtemp(join(this.#folder, 'part-'));
      try {
        return await this.#restored(source.value, asked, { actor, into, work });
      } finally {
        await removeTree(into);
      }
    });
  }

  close(): Promise<void> {
    return this.#turns.close();
  }

  /** The file stays readable through its handle alone: its folder is removed before anything is sent. */
  async #restored(
    source: BackupSource,
    { component, snapshot, path }: Parameters<BackupDesk['fetch']>[0],
    { actor, into, work }: { actor: string; into: string; work: Work },
  ): Promise<Result<FetchedFile>> {
    const tooLarge = new AbortController();
    const restored = await source.restore(
      snapshot,
      into,
      {
        signal: AbortSignal.any([work.signal, tooLarge.signal]),
        progress: (done, _total, unit) => {
          if (unit === 'bytes' && done > FILE_BYTES_MAX) tooLarge.abort();
        },
      },
      path,
    );
    if (tooLarge.signal.aborted) return partTooLarge();
    if (!restored.ok) return restored;
    if (restored.value.problems.length > 0)
      return refuse('part-not-whole', 'This file does not come back whole from this night.', {
        kept: 'Nothing left the backup.',
        cure: 'Try another night.',
      });
    const file = await onlyFile(into);
    if (file === undefined) return notAFile();
    const { size: bytes } = await file.stat();
    const name = path.slice(path.lastIndexOf('/') + 1);
    const fetched = { name, bytes, verified: restored.value.unverified === 0 };
    if (bytes > FILE_BYTES_MAX) return closing(file, partTooLarge());
    const told = await this.#world.journal.queue.submit(
      { type: 'RecordFetched', component, snapshot, part: path, files: 1, bytes },
      { actor },
    );
    if (!told.ok) return closing(file, told);
    return accept({ ...fetched, content: file.createReadStream() });
  }

  #sourceOf(component: string, ...snapshots: string[]): Result<BackupSource> {
    const { proofs, nights } = this.#world.state.restore;
    const source = this.#source(proofs.means[component]?.source ?? '');
    if (source === undefined) return notRestorable(component);
    const known = nights.components[component]?.nights ?? [];
    const unknown = snapshots.find((one) => !known.some(({ snapshot }) => snapshot === one));
    if (unknown === undefined) return accept(source);
    return refuse('snapshot-unknown', 'This component has no such night.', {
      where: unknown,
      expected: 'a night that was looked through',
      cure: 'Have its nights looked through again.',
    });
  }
}

/** Refused before anything is restored, where the source says what it is. */
async function isFit(
  source: BackupSource,
  { snapshot, path }: { snapshot: string; path: string },
  work: Work,
): Promise<Result<void>> {
  const cut = path.lastIndexOf('/');
  const beside = await source.entries(snapshot, cut < 0 ? '' : path.slice(0, cut), work);
  if (!beside.ok) return beside;
  const entry = beside.value.entries.find(({ name }) => name === path.slice(cut + 1));
  // A folder of which not all is told: the restoration itself finds it, or not.
  if (entry === undefined) return accept(undefined);
  if (entry.kind !== 'file') return notAFile();
  return (entry.bytes ?? 0) > FILE_BYTES_MAX ? partTooLarge() : accept(undefined);
}

/** Found by walking, never by its name: a name may hold bytes that are no text, and a parent may be a link. */
async function onlyFile(folder: string): Promise<FileHandle | undefined> {
  let at = Buffer.from(folder);
  for (;;) {
    const [only, ...others] = await readdir(at, { withFileTypes: true, encoding: 'buffer' });
    if (only === undefined || others.length > 0) return undefined;
    at = Buffer.concat([at, Buffer.from('/'), only.name]);
    if (only.isDirectory()) continue;
    return only.isFile() ? open(at, constants.O_RDONLY | constants.O_NOFOLLOW) : undefined;
  }
}

async function closing<Refused>(file: FileHandle, refused: Refused): Promise<Refused> {
  await file.close();
  return refused;
}

const notAFile = () =>
  refuse('part-not-a-file', 'Only a file is taken out of a backup here.', {
    expected: 'a plain file: no folder, link or device',
    kept: 'Nothing left the backup.',
    cure: 'For a folder: reflexe restore extract.',
  });

const partTooLarge = () =>
  refuse('part-too-large', 'This file is too large to be taken out here.', {
    expected: `${FILE_BYTES_MAX / 1_000_000} MB at most`,
    kept: 'Nothing left the backup.',
    cure: 'Use the command line: reflexe restore extract.',
  });
