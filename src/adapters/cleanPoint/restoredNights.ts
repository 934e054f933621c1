import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readdir } from 'node:fs/promises';
import { accept, type Result } from '../../journal/result.ts';
import type { NightContent, NightFile } from '../../restore/cleanPoint/night.ts';
import type { BackupSource, Work } from '../../restore/ports.ts';
import { named, shown } from '../backupTree/name.ts';
import { interrupted } from '../backupTree/refusals.ts';
import { removeTree } from '../backupTree/removeTree.ts';
import { endWriters } from '../recoveryFolders/writers.ts';
import type { Contents, ListedNight, NightReader, Reading } from './nightReader.ts';
import type { VerdictStore } from './verdicts/verdictStore.ts';

/** Read at once; a smaller file is hashed and handed over in one reading. */
const pieceBytes = 1024 * 1024;

/**
 * The nights of any source of backups: each is restored into a folder of ours, its files hashed, what is not known of them scanned, and
 * the folder emptied. Its list is kept: a night is restored once for each set of rules, and the next costs its own restoration alone.
 */
export class RestoredNights implements NightReader {
  readonly place: string;
  readonly reading: Reading = { blobs: 0, bytes: 0, again: 0 };
  readonly triesAgain = false;
  readonly #source: BackupSource;
  readonly #store: VerdictStore;
  readonly #staging: string;
  /** By list: what was found where nothing is kept, the night not having come back whole. */
  readonly #inPart = new Map<string, NightContent>();

  constructor(name: string, source: BackupSource, staging: string, store: VerdictStore) {
    this.place = name;
    this.#source = source;
    this.#staging = staging;
    this.#store = store;
  }

  async nights(work: Work): Promise<Result<ListedNight[]>> {
    const listed = await this.#source.snapshots(work);
    if (!listed.ok) return listed;
    return accept(
      listed.value.map(({ id, time, storedAt, host, paths, damaged }) => ({
        id,
        time,
        host,
        paths,
        ...(storedAt === undefined ? {} : { storedAt }),
        // A folder that rotates keeps its name and is another night.
        list: damaged === true ? null : JSON.stringify([id, time, storedAt ?? null]),
      })),
    );
  }

  async read(nights: readonly ListedNight[], contents: Contents, work: Work): Promise<Result<void>> {
    for (const night of nights) {
      if (work.signal.aborted) return interrupted(this.place);
      if (night.list === null || this.#needsNothing(night.list, contents)) continue;
      const read = await this.#restored(night.id, night.list, contents, work);
      await removeTree(this.#staging);
      if (!read.ok) return read;
    }
    return accept(undefined);
  }

  async filesOf({ list }: ListedNight): Promise<NightContent> {
    if (list === null) return { files: [], damaged: [{ path: '/', reason: 'the snapshot itself cannot be read' }] };
    return this.#inPart.get(list) ?? { files: this.#store.files(list) ?? [], damaged: [] };
  }

  /** True where its files are known, and what they hold. */
  #needsNothing(list: string, contents: Contents): boolean {
    const files = this.#store.files(list);
    return files?.every(({ content, bytes }) => bytes === 0 || contents.isKnown(content)) === true;
  }

  async #restored(id: string, list: string, contents: Contents, work: Work): Promise<Result<void>> {
    await endWriters(this.#staging);
    await removeTree(this.#staging);
    await mkdir(this.#staging, { recursive: true, mode: 0o700 });
    const restored = await this.#source.restore(id, this.#staging, work);
    if (!restored.ok && restored.refusal.code !== 'backup-damaged') return restored;
    if (!restored.ok) {
      const reason = restored.refusal.kept ?? restored.refusal.message;
      this.#inPart.set(list, { files: [], damaged: [{ path: '/', reason }] });
      return accept(undefined);
    }
    const files: NightFile[] = [];
    for await (const file of filesIn(this.#staging)) {
      if (work.signal.aborted) return interrupted(this.place);
      files.push(await this.#brought(file, contents));
    }
    await contents.settled();
    if (work.signal.aborted) return interrupted(this.place);
    const { problems } = restored.value;
    if (problems.length === 0) this.#store.keepFiles(list, files);
    else this.#inPart.set(list, { files, damaged: problems });
    return accept(undefined);
  }

  async #brought({ path, place, bytes }: RestoredFile, contents: Contents): Promise<NightFile> {
    const hash = createHash('sha256');
    let only: Buffer | undefined;
    let size = 0;
    for await (const piece of piecesOf(place)) {
      hash.update(piece);
      size += piece.length;
      only = size === piece.length && size === bytes ? piece : undefined;
    }
    const content = hash.digest('hex');
    if (size > 0 && contents.claim(content, size)) {
      this.reading.blobs += 1;
      this.reading.bytes += size;
      const held = only;
      await contents.bring(content, size, () => (held === undefined ? piecesOf(place) : [held]));
    }
    return { path, content, bytes: size };
  }
}

interface RestoredFile {
  /** As shown, from the top of the tree: `/logs/today.txt`. */
  path: string;
  place: Buffer;
  bytes: number;
}

/** Regular files below a folder, no link followed; names are bytes. */
async function* filesIn(folder: string): AsyncGenerator<RestoredFile> {
  const open: { place: Buffer; path: string }[] = [{ place: Buffer.from(folder), path: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of (await readdir(next.place, { encoding: 'buffer' })).toSorted(Buffer.compare)) {
      const place = Buffer.concat([next.place, Buffer.from('/'), name]);
      const path = `${next.path}/${shown(named(name))}`;
      const found = await lstat(place);
      if (found.isDirectory()) open.push({ place, path });
      else if (found.isFile()) yield { path, place, bytes: found.size };
    }
  }
}

async function* piecesOf(place: Buffer): AsyncGenerator<Buffer> {
  await using file = await open(place);
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(pieceBytes);
    const { bytesRead } = await file.read(piece, 0, pieceBytes);
    if (bytesRead === 0) return;
    yield bytesRead === pieceBytes ? piece : piece.subarray(0, bytesRead);
  }
}
