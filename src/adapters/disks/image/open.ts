import { constants, type FileHandle, open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { Damaged, NotRead } from '../faults.ts';
import { type Bytes, FileBytes } from './bytes.ts';
import { isQcow2, openQcow2 } from './qcow2.ts';
import { isVhdx, openVhdx } from './vhdx.ts';
import { descriptorOf, isVmdkDescriptor, isVmdkExtent, openVmdk } from './vmdk.ts';

/** Files one night may rest on: a year of increments. */
const FILES_MAX = 400;
const HEAD_BYTES = 512;

/** What is raw by its name is raw whatever it holds: a guest may write another format's head at the start of its own disk. */
const raw = /\.(?:raw|dd)$/i;

/**
 * The images of one night, read where they stand. Every file they name, directly or by another, is opened below `folder` or not at all.
 */
export class OpenImages implements AsyncDisposable {
  readonly #folder: string;
  readonly #below = new Set<string>();
  readonly #files = new Map<string, { file: FileHandle; bytes: Bytes; mtimeMs: number }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `path` is below the folder. */
  async disk(path: string, above: readonly string[] = []): Promise<Bytes> {
    const whole = await this.#place(path, dirname(path));
    if (above.includes(whole)) throw new Damaged(`${basename(path)} rests on itself`);
    const file = await this.#open(whole);
    const head = await file.read(0, Math.min(HEAD_BYTES, file.size));
    const beside = async (name: string) => this.#place(name, dirname(whole));
    const below = async (name: string) => {
      const lower = await beside(name);
      this.#below.add(lower);
      return this.disk(lower, [...above, whole]);
    };
    if (raw.test(path)) return file;
    if (isQcow2(head)) return openQcow2(file, below);
    if (isVhdx(head)) return openVhdx(file);
    if (isVmdkExtent(head) || isVmdkDescriptor(head))
      return openVmdk(file, async (name) => this.#open(await beside(name)), below);
    if (/\.img$/i.test(path)) return file;
    throw new Damaged(`${basename(path)} does not begin as an image of its kind`);
  }

  /** Whether an image that was opened holds changes to this one. */
  async restedOn(path: string): Promise<boolean> {
    return this.#below.has(await this.#place(path, dirname(path)));
  }

  /** Whether a VMDK is a disk, or one extent of several. */
  async isWhole(path: string): Promise<boolean> {
    return (await descriptorOf(await this.#open(await this.#place(path, dirname(path))))) !== undefined;
  }

  /** Whether a file was written since it was opened: what was read of it may be of two moments. */
  async changed(): Promise<boolean> {
    for (const { file, mtimeMs } of this.#files.values()) if ((await file.stat()).mtimeMs !== mtimeMs) return true;
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { file } of this.#files.values()) await file.close();
  }

  /** An image is written by others: the name it gives may lead to any file of this machine. */
  async #place(name: string, from: string): Promise<string> {
    const plain = name.replaceAll('\\', '/').replace(/^file:/, '');
    if (/^[a-z][a-z0-9+.-]*:/i.test(plain) || plain.includes('\0'))
      throw new Damaged(`the image rests on «${name}», which is no file beside it`);
    const path = isAbsolute(plain) ? plain : resolve(from, plain);
    const root = await realpath(this.#folder);
    const folder = await realpath(dirname(path)).catch(() => undefined);
    const outside = !`${folder ?? resolve(dirname(path))}${sep}`.startsWith(`${root}${sep}`);
    if (outside) throw new Damaged(`the image rests on «${name}», outside the folder of this source: not followed`);
    if (folder === undefined) throw new Damaged(`${basename(path)}, which the image rests on, is missing`);
    return join(folder, basename(path));
  }

  async #open(path: string): Promise<Bytes> {
    const known = this.#files.get(path);
    if (known) return known.bytes;
    if (this.#files.size >= FILES_MAX)
      throw new NotRead(`an image of more than ${FILES_MAX} files`, 'Merge its increments.');
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
      (error: unknown) => {
        throw new Damaged(
          `${basename(path)} cannot be opened (${error instanceof Error && 'code' in error ? error.code : 'unknown'})`,
        );
      },
    );
    const found = await file.stat();
    if (!found.isFile()) {
      await file.close();
      throw new Damaged(`${basename(path)} is no plain file`);
    }
    const bytes = new FileBytes(file, found.size);
    this.#files.set(path, { file, bytes, mtimeMs: found.mtimeMs });
    return bytes;
  }
}
