import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { codeOf, giveAttributes } from '../../backupTree/attributes.ts';
import { release } from '../repository/blob.ts';
import type { RepositoryFiles } from '../repository/files.ts';
import type { Opener } from '../repository/sealed.ts';
import { zeroChunk } from '../repository/sizes.ts';
import { readSpan } from '../repository/spans.ts';
import type { Failure, WriteOutcome, WriteTask } from './tasks.ts';

const { O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
/** A span may scatter over thousands of small files; the process has descriptors for some. */
const openFilesMax = 128;

/** Reads a span and writes each of its blobs into the files that hold it. No link is ever followed. */
export async function writeSpan(files: RepositoryFiles, opener: Opener, task: WriteTask): Promise<WriteOutcome> {
  const outcome: WriteOutcome = { kind: 'write', bytes: 0, damaged: [], unfinished: [], failed: [] };
  const writing = new SpanFiles(task, outcome);
  try {
    let blob = 0;
    for await (const read of readSpan(files, opener, task.span)) {
      const targets = task.targets[blob++] ?? [];
      if ('damaged' in read) outcome.damaged.push({ id: read.id, reason: read.damaged });
      for (let at = 0; at < targets.length; at += 2) {
        const [file = 0, offset = 0] = [targets[at], targets[at + 1]];
        writing.next(file, 'damaged' in read ? undefined : read, offset);
      }
      if ('plain' in read) release(read.plain);
    }
  } finally {
    writing.closeAll();
  }
  return outcome;
}

/** The files of one task while it writes them. */
class SpanFiles {
  readonly #task: WriteTask;
  readonly #outcome: WriteOutcome;
  /** Blobs still to come, by file. */
  readonly #left: Uint32Array;
  readonly #broken = new Set<number>();
  readonly #open = new Map<number, number>();

  constructor(task: WriteTask, outcome: WriteOutcome) {
    this.#task = task;
    this.#outcome = outcome;
    this.#left = new Uint32Array(task.files.length);
    for (const targets of task.targets)
      for (let at = 0; at < targets.length; at += 2) {
        const file = targets[at] ?? 0;
        this.#left[file] = (this.#left[file] ?? 0) + 1;
      }
  }

  /** Writes one blob of a file (nothing where it is damaged); the last one gives the file its attributes. */
  next(file: number, blob: { id: string; plain: Buffer } | undefined, offset: number): void {
    if (blob === undefined) this.#broken.add(file);
    else this.#attempt(file, () => this.#write(file, blob, offset));
    const left = (this.#left[file] ?? 1) - 1;
    this.#left[file] = left;
    if (left === 0) this.#end(file);
  }

  closeAll(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #write(file: number, { id, plain }: { id: string; plain: Buffer }, offset: number): void {
    const descriptor = this.#descriptor(file);
    this.#outcome.bytes += plain.length;
    // What was never written reads as zeros: a sparse file comes back sparse.
    if (id === zeroChunk()) ftruncateSync(descriptor, this.#target(file).bytes);
    else
      for (let written = 0; written < plain.length; )
        written += writeSync(descriptor, plain, written, plain.length - written, offset + written);
  }

  #end(file: number): void {
    const { finish } = this.#target(file);
    if (this.#broken.has(file)) this.#outcome.unfinished.push(file);
    else if (finish !== undefined)
      this.#attempt(file, () => {
        for (const failure of giveAttributes(this.#descriptor(file), finish)) this.#fail(file, failure);
      });
    const descriptor = this.#open.get(file);
    if (descriptor !== undefined) closeSync(descriptor);
    this.#open.delete(file);
  }

  #fail(file: number, failure: Omit<Failure, 'entry'>): void {
    this.#outcome.failed.push({ entry: file, ...failure });
  }

  #attempt(file: number, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!this.#broken.has(file)) this.#fail(file, { code: codeOf(error), what: 'write' });
      this.#broken.add(file);
    }
  }

  #descriptor(file: number): number {
    const known = this.#open.get(file);
    if (known !== undefined) return known;
    const [oldest] = this.#open;
    if (oldest !== undefined && this.#open.size >= openFilesMax) {
      closeSync(oldest[1]);
      this.#open.delete(oldest[0]);
    }
    const descriptor = openSync(this.#target(file).path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600);
    this.#open.set(file, descriptor);
    return descriptor;
  }

  #target(file: number): WriteTask['files'][number] {
    const target = this.#task.files[file];
    if (target === undefined) throw new Error(`a task of ${this.#task.files.length} files has no file ${file}`);
    return target;
  }
}
