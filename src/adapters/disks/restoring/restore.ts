import { lchown, link, lutimes, mkdir, symlink } from 'node:fs/promises';
import type { Work } from '../../../restore/ports.ts';
import { codeOf, secondsOf } from '../../backupTree/attributes.ts';
import { joined, type Name } from '../../backupTree/name.ts';
import { Problems } from '../../restic/restoring/problems.ts';
import { isDamage } from '../faults.ts';
import type { DiskFileSystem } from '../fileSystem/fileSystem.ts';
import type { Bad, Found } from './place.ts';
import { finishFolder, writeFile } from './writeFile.ts';

/** Files written at the same time. */
const FILES_AT_ONCE = 8;

type Told = { path: string; reason: string }[];

export interface RestoreReport {
  files: number;
  bytes: number;
  /** What did not come back because it cannot be relied on. */
  damaged: Told;
  damagedCount: number;
  /** What is sound and cannot be read by us. */
  problems: Told;
  /** What cannot be made again here. */
  leftOut: Told;
}

export class DiskFull extends Error {}
const noRoom = new Set(['ENOSPC', 'EDQUOT']);

/** Writes everything below `into`: folders first and finished last, files beside each other, links when all else stands. */
export async function restoreAll(
  all: AsyncIterable<Found | Bad>,
  into: string,
  bytesTotal: number,
  work: Work,
): Promise<RestoreReport> {
  const writing = new Writing(into, bytesTotal, work);
  try {
    for await (const found of all) await writing.take(found);
  } finally {
    await writing.settled();
  }
  return writing.finish();
}

class Writing {
  readonly #into: string;
  readonly #total: number;
  readonly #work: Work;
  readonly #damaged = new Problems();
  readonly #problems = new Problems();
  readonly #leftOut = new Problems();
  readonly #folders: Found[] = [];
  readonly #links: Found[] = [];
  /** Further names of a file that has several. */
  readonly #names: { found: Found; first: Found }[] = [];
  readonly #firsts = new Map<DiskFileSystem, Map<number, Found>>();
  readonly #running = new Set<Promise<void>>();
  #failure: unknown;
  #files = 0;
  #bytes = 0;
  #told = 0;

  constructor(into: string, total: number, work: Work) {
    this.#into = into;
    this.#total = total;
    this.#work = work;
  }

  async take(found: Found | Bad): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#work.signal.throwIfAborted();
    if ('damaged' in found) return this.#damaged.add(found.path, found.damaged);
    const { path, node } = found;
    this.#leave(found, node.leftOut);
    if (node.cannot !== undefined) this.#problems.add(path, node.cannot);
    else if (node.kind === 'folder') {
      await this.#try(found, () => mkdir(this.#place(path), 0o700));
      this.#folders.push(found);
    } else if (node.kind === 'link') this.#links.push(found);
    else if (node.kind === 'file') await this.#start(found);
    else this.#leftOut.add(path, special[node.kind]);
  }

  /** Waits for the files that are being written; none goes on behind our back. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
  }

  async finish(): Promise<RestoreReport> {
    for (const { found, first } of this.#names)
      await this.#try(found, async () => {
        await link(this.#place(first.path), this.#place(found.path));
        this.#files += 1;
      });
    for (const found of this.#links) await this.#try(found, () => this.#link(found));
    for (const found of this.#folders.toReversed())
      await this.#try(found, async () => this.#leave(found, await finishFolder(this.#place(found.path), found.node)));
    if (this.#failure !== undefined) throw this.#failure;
    return {
      files: this.#files,
      bytes: this.#bytes,
      damaged: this.#damaged.list(),
      damagedCount: this.#damaged.count,
      problems: this.#problems.list(),
      leftOut: this.#leftOut.list(),
    };
  }

  async #start(found: Found): Promise<void> {
    const { fileSystem, node } = found;
    if (node.names > 1) {
      const firsts = this.#firsts.get(fileSystem) ?? new Map<number, Found>();
      this.#firsts.set(fileSystem, firsts);
      const first = firsts.get(node.id);
      if (first !== undefined) {
        this.#names.push({ found, first });
        return;
      }
      firsts.set(node.id, found);
    }
    const running: Promise<void> = this.#file(found)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    if (this.#running.size >= FILES_AT_ONCE) await Promise.race(this.#running);
  }

  #file(found: Found): Promise<void> {
    const { signal, progress } = this.#work;
    return this.#try(found, async () => {
      const refused = await writeFile(this.#place(found.path), found, signal, (bytes) => {
        this.#told += bytes;
        progress(Math.min(this.#told, this.#total), this.#total, 'bytes');
      });
      this.#files += 1;
      this.#bytes += found.node.bytes;
      this.#leave(found, refused);
    });
  }

  async #link({ path, fileSystem, node }: Found): Promise<void> {
    const at = this.#place(path);
    await symlink(await fileSystem.target(node), at);
    if (node.owned && process.getuid?.() === 0) await lchown(at, node.owned.user, node.owned.group);
    await lutimes(at, secondsOf(node.accessedAt), secondsOf(node.modifiedAt));
  }

  /** What cannot be written is told and left out; an end of room or a stop ends all. */
  async #try({ path }: Found, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#work.signal.throwIfAborted();
      if (noRoom.has(codeOf(error))) throw new DiskFull();
      this.#damaged.add(path, isDamage(error) ? error.message : `cannot be written (${codeOf(error)})`);
    }
  }

  #leave({ path }: Found, reasons: readonly string[]): void {
    for (const reason of reasons) this.#leftOut.add(path, reason);
  }

  #place = (path: Name): string | Buffer => joined(this.#into, path);
}

const special = {
  fifo: 'a named pipe is not made again here',
  device: 'a device is not made again here',
  socket: 'a socket is not made again: the program that listens makes it',
  other: 'what it is cannot be told',
} as const;
