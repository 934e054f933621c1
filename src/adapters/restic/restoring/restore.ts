import { lchownSync, linkSync, lutimesSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import type { Attributes } from '../../backupTree/attributes.ts';
import { codeOf, secondsOf } from '../../backupTree/attributes.ts';
import type { Name } from '../../backupTree/name.ts';
import { joined, shown } from '../../backupTree/name.ts';
import type { Repository } from '../repository/repository.ts';
import type { TreeNode } from '../repository/treeNode.ts';
import type { Entry } from '../repository/walk.ts';
import type { Crew } from '../threads/crew.ts';
import { finishEntries } from '../threads/finishEntries.ts';
import { leftOut } from './leftOut.ts';
import type { PlannedFile } from './plan.ts';
import { type Problem, Problems } from './problems.ts';
import { DiskFull, writeBatch } from './writeBatch.ts';

export interface RestoreReport {
  /** Files that came back whole, hard links among them, and their bytes. */
  files: number;
  bytes: number;
  /** What was backed up and did not come back, or not whole. */
  damaged: Problem[];
  /** What this reader cannot make again: sockets, devices, pipes, extended attributes, refused owners. */
  leftOut: Problem[];
}

/** Files planned and written together, while the next ones are looked for: enough to keep the order of the packs. */
const batchFilesMax = 8192;
const batchBlobsMax = 32_768;
const entriesAtOnce = 1000;

export interface Restoring {
  repository: Repository;
  crew: Crew;
  /** An empty folder of ours. */
  into: string;
  signal: AbortSignal;
  /** Bytes written so far. */
  progress(bytes: number): void;
}

/**
 * Writes entries below `into`. Nothing is ever written outside: a name holds no `/` and is no `..` (treeNode.ts), a folder is one
 * this call made, no link is followed, and links are made when all files are written. A file that cannot come back whole is not left
 * there. Throws `DiskFull`; stops quietly when told to.
 */
export async function restoreEntries(restoring: Restoring, entries: AsyncIterable<Entry>): Promise<RestoreReport> {
  const { signal } = restoring;
  const tree = new RestoredTree(restoring);
  let writing = Promise.resolve();
  for await (const entry of entries) {
    if (signal.aborted) break;
    tree.take(entry);
    if (!tree.isFull) continue;
    await writing;
    writing = tree.writeFiles();
    // What it throws is heard where it is awaited.
    writing.catch(() => undefined);
  }
  await writing;
  await tree.writeFiles();
  if (!signal.aborted) await tree.finish();
  return tree.report();
}

class RestoredTree {
  readonly #restoring: Restoring;
  readonly #damaged = new Problems();
  readonly #left = new Problems();
  readonly #folders: { path: Name; target: Name; attributes: Attributes }[] = [];
  readonly #links: { path: Name; target: Name; node: TreeNode }[] = [];
  /** Files of several names: the first that came, by device and inode. */
  readonly #first = new Map<string, PlannedFile>();
  readonly #hardLinks: { path: Name; target: Name; first: PlannedFile }[] = [];
  #batch: PlannedFile[] = [];
  #batchBlobs = 0;
  #files = 0;
  #bytes = 0;

  constructor(restoring: Restoring) {
    this.#restoring = restoring;
  }

  get isFull(): boolean {
    return this.#batch.length >= batchFilesMax || this.#batchBlobs >= batchBlobsMax;
  }

  take(entry: Entry): void {
    if ('damaged' in entry) this.#damaged.add(entry.path, entry.damaged);
    else this.#takeNode(entry.path, entry.node);
  }

  #takeNode(path: Name, node: TreeNode): void {
    const target = joined(this.#restoring.into, path);
    for (const reason of leftOut(node)) this.#left.add(path, reason);
    if (node.kind === 'folder') this.#makeFolder(path, target, node);
    else if (node.kind === 'file') this.#takeFile(path, target, node);
    else if (node.kind === 'link') this.#links.push({ path, target, node });
  }

  async writeFiles(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBlobs = 0;
    await writeBatch(this.#restoring, batch, this.#bytes, this.#left);
    for (const file of batch) {
      if (file.damaged === undefined) this.#count(file.bytes);
      else {
        this.#damaged.add(file.path, file.damaged);
        rmSync(file.target, { force: true });
      }
    }
  }

  /** Links, then folders from the inside out: a folder nobody may write in is filled first. */
  async finish(): Promise<void> {
    for (const { path, target, first } of this.#hardLinks) {
      if (first.damaged !== undefined) this.#damaged.add(path, first.damaged);
      else if (this.#done(path, () => linkSync(first.target, target))) this.#count(first.bytes);
    }
    for (const link of this.#links) this.#makeLink(link);
    const folders = this.#folders.toReversed();
    for (let at = 0; at < folders.length; at += entriesAtOnce) {
      const some = folders.slice(at, at + entriesAtOnce);
      const { failed } = finishEntries({
        kind: 'finish',
        entries: some.map(({ target, attributes }) => ({ path: target, attributes })),
      });
      for (const { entry, what, code } of failed) this.#left.add(some[entry]?.path ?? '', `${what}: ${code}`);
      await new Promise(setImmediate);
    }
  }

  report(): RestoreReport {
    return { files: this.#files, bytes: this.#bytes, damaged: this.#damaged.list(), leftOut: this.#left.list() };
  }

  #takeFile(path: Name, target: Name, node: TreeNode): void {
    const { bytes, content } = node;
    const file: PlannedFile = { path, target, bytes, content, attributes: attributesOf(node) };
    const first = node.linkedAs === undefined ? undefined : this.#first.get(node.linkedAs);
    // Two names that say to be one file, and are not: each comes back as it is told.
    if (first !== undefined && first.content.join() === content.join()) {
      this.#hardLinks.push({ path, target, first });
      return;
    }
    if (node.linkedAs !== undefined) this.#first.set(node.linkedAs, file);
    this.#batch.push(file);
    this.#batchBlobs += content.length;
  }

  #makeFolder(path: Name, target: Name, node: TreeNode): void {
    if (this.#done(path, () => mkdirSync(target, 0o700)))
      this.#folders.push({ path, target, attributes: attributesOf(node) });
  }

  #makeLink({ path, target, node }: { path: Name; target: Name; node: TreeNode }): void {
    if (!this.#done(path, () => symlinkSync(node.target ?? '', target))) return;
    try {
      if (process.getuid?.() === 0) lchownSync(target, node.user, node.group);
      lutimesSync(target, secondsOf(node.accessedAt), secondsOf(node.modifiedAt));
    } catch (error) {
      this.#left.add(path, `owner or times: ${codeOf(error)}`);
    }
  }

  #count(bytes: number): void {
    this.#files += 1;
    this.#bytes += bytes;
  }

  /** Whether it could be done; otherwise it is told. */
  #done(path: Name, act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOSPC' || code === 'EDQUOT') throw new DiskFull();
      this.#damaged.add(path, `${shown(path)} cannot be made here: ${code}`);
      return false;
    }
  }
}

const attributesOf = ({ mode, user, group, modifiedAt, accessedAt }: TreeNode): Attributes => ({
  mode,
  user,
  group,
  modifiedAt,
  accessedAt,
});
