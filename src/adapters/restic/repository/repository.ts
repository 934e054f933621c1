import { openBlob } from './blob.ts';
import type { BlobKind, BlobPlace, BlobTable } from './blobTable.ts';
import { Damaged, Missing } from './damaged.ts';
import { config, document, lockFile, snapshotFile } from './documents.ts';
import type { FileKind, RepositoryFiles } from './files.ts';
import { type LoadedIndex, loadIndex } from './loadIndex.ts';
import { PackWindow } from './packWindow.ts';
import { nameOf, Opener, type RepositoryKey } from './sealed.ts';
import { type NodeContent, parseContents, parseTree, type Tree } from './treeNode.ts';

export interface Snapshot {
  id: string;
  /** As its writer says (ISO 8601): a claim. */
  time: string;
  host: string;
  paths: string[];
  /** Tree id of its root. */
  tree: string;
  /** When its file was written, as the storage says: a claim of somebody else. */
  storedAt?: string;
}

export interface DamagedSnapshot {
  id: string;
  reason: string;
  storedAt?: string;
}

export interface Lock {
  time: string;
  host: string;
  pid: number;
  exclusive: boolean;
}

/**
 * A restic repository (formats 1 and 2), opened with its key and only ever read: no lock, no cache, no write.
 *
 * - `openRepository(place, password)` (open.ts) → `Result<Repository>`.
 * - `snapshots()`: each readable one, oldest claim first, and each that is not. Read before the index, so that the index covers them.
 * - `index()`: which blobs stand where (`BlobTable`), loaded once; `refresh()` asks the disk again: another process may prune.
 * - `tree(id)`: one folder: its nodes, and the lines that are refused (names that lead out, twice the same).
 * - `walk(repository, tree)` (walk.ts): every entry below a tree, a folder before what it holds; `sizes(…)` its counts.
 * - `blob(id, kind)`: one verified blob. `content(node)`: a file's blobs one after another, never the whole file.
 * - `readBlobs(repository, wanted)` (reading.ts): blobs of files in the order of the packs, each different one once.
 * - A thread of one's own: `workerData: { at: files.at, key }`, then `filesAt`, `Opener`, and `readSpan` with what
 *   `blobSpans` says (threads/worker.ts does so); `restoreEntries` (restoring/restore.ts), `verify` (verifying/verify.ts).
 *
 * Throws `Damaged` (or `Missing`) where a part cannot be relied on; only what rests on that part is lost.
 */
export class Repository {
  readonly files: RepositoryFiles;
  readonly key: RepositoryKey;
  readonly opener: Opener;
  #index: Promise<LoadedIndex> | undefined;
  readonly #window: PackWindow;

  constructor(files: RepositoryFiles, key: RepositoryKey) {
    this.files = files;
    this.key = key;
    this.opener = new Opener(key);
    this.#window = new PackWindow(files);
  }

  /** Format of the repository, 1 or 2; throws `Damaged` where it is another. */
  async format(): Promise<number> {
    const { version } = await this.#document(config, 'config', 'config');
    if (version !== 1 && version !== 2) throw new Damaged('config', `is of format ${version}: 1 and 2 are known`);
    return version;
  }

  async snapshots(): Promise<{ whole: Snapshot[]; damaged: DamagedSnapshot[] }> {
    const whole: Snapshot[] = [];
    const damaged: DamagedSnapshot[] = [];
    for (const id of await this.files.list('snapshots')) {
      const stored = await this.files.writtenAt('snapshots', id);
      const storedAt = stored === undefined ? {} : { storedAt: stored };
      try {
        const { time, hostname, paths, tree } = await this.#document(snapshotFile, 'snapshots', id);
        whole.push({ id, time: new Date(time).toISOString(), host: hostname, paths, tree, ...storedAt });
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        // Forgotten while the list was read: no longer there to be restored.
        if (!(error instanceof Missing)) damaged.push({ id, reason: error.why, ...storedAt });
      }
    }
    whole.sort((one, other) => one.time.localeCompare(other.time) || one.id.localeCompare(other.id));
    return { whole, damaged };
  }

  /** Who says to be writing. Never waited for: reading needs no lock, and a dead host never takes its own away. */
  async locks(): Promise<Lock[]> {
    const locks: Lock[] = [];
    for (const id of await this.files.list('locks')) {
      const lock = await this.#document(lockFile, 'locks', id).catch(() => undefined);
      if (lock === undefined) continue;
      const { time, hostname, pid, exclusive } = lock;
      locks.push({ time: new Date(time).toISOString(), host: hostname, pid, exclusive });
    }
    return locks;
  }

  index(): Promise<LoadedIndex> {
    this.#index ??= loadIndex(this.files, (id, opened) => this.#opened('index', id, opened));
    return this.#index;
  }

  async blobs(): Promise<BlobTable> {
    return (await this.index()).table;
  }

  /** The index as it is now: read again where its files are no longer the same. */
  async refresh(): Promise<LoadedIndex> {
    const [loaded, names] = [await this.index(), await this.files.list('index')];
    if (names.join() !== loaded.names.join()) this.#index = undefined;
    return this.index();
  }

  async tree(id: string): Promise<Tree> {
    const tree = parseTree(await this.blob(id, 'tree'));
    if (tree === undefined) throw new Damaged(`tree ${id}`, 'is no tree');
    return tree;
  }

  /** The same for who asks only what stands there. */
  async contents(id: string): Promise<Tree<NodeContent>> {
    const tree = parseContents(await this.blob(id, 'tree'));
    if (tree === undefined) throw new Damaged(`tree ${id}`, 'is no tree');
    return tree;
  }

  /** One blob, from whichever of its places is whole. */
  async blob(id: string, kind: BlobKind): Promise<Buffer> {
    const tried = await this.#blobIn((await this.blobs()).find(id, kind), id);
    if (Buffer.isBuffer(tried)) return tried;
    // Prune may have moved it while we read: its new index is there before its old pack goes.
    const found = (await this.refresh()).table.find(id, kind);
    const again = await this.#blobIn(found, id);
    if (Buffer.isBuffer(again)) return again;
    throw again ?? new Damaged(`blob ${id}`, 'stands in no index');
  }

  /** A file's bytes, blob after blob. */
  async *content(node: { content: readonly string[] }): AsyncGenerator<Buffer> {
    for (const id of node.content) yield await this.blob(id, 'data');
  }

  async #blobIn(entries: readonly number[], id: string): Promise<Buffer | Damaged | undefined> {
    const table = await this.blobs();
    let failed: Damaged | undefined;
    for (const entry of entries) {
      const place: BlobPlace = table.place(entry);
      try {
        return openBlob(this.opener, await this.#window.part(place), id, place);
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        failed = error;
      }
    }
    return failed;
  }

  async #document<Value>(reader: Parameters<typeof document<Value>>[0], kind: FileKind, name: string): Promise<Value> {
    return document(reader, this.#opened(kind, name, await this.files.read(kind, name)), `${kind} ${name}`);
  }

  /** The opened bytes of a metadata file, which is named by its own SHA-256. */
  #opened(kind: FileKind, name: string, sealed: Buffer): Buffer {
    if (kind !== 'config' && nameOf(sealed) !== name)
      throw new Damaged(`${kind} ${name}`, 'is altered or cut: its bytes are not those its name says');
    const opened = this.opener.open(sealed);
    if (opened === undefined) throw new Damaged(`${kind} ${name}`, 'its seal is broken');
    return opened;
  }
}
