import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Damaged, Missing } from './damaged.ts';
import type { FilesPlace } from './filesAt.ts';

export type FileKind = 'config' | 'keys' | 'snapshots' | 'index' | 'locks' | 'data';

/** The files of a repository, wherever they stand. Nothing here can write. Any of these throws `Refused` where the place itself is out of reach. */
export interface RepositoryFiles {
  /** Folder or address, as people know it. */
  readonly place: string;
  /** What another thread makes the same of (filesAt.ts). */
  readonly at: FilesPlace;
  /** Names (SHA-256 in hexadecimal) of one kind, in their order; empty where there is no such folder. */
  list(kind: FileKind): Promise<string[]>;
  /** Throws `Missing`, or `Damaged` where the disk cannot read it. */
  read(kind: FileKind, name: string): Promise<Buffer>;
  /** Bytes `offset` to `offset + length` of a pack, fewer where it ends before; in `room` where they fit. Throws as `read` does. */
  readPart(pack: string, offset: number, length: number, room?: Buffer): Promise<Buffer>;
  packBytes(pack: string): Promise<number>;
  /** When a file was written, as the storage says: harder to forge than what stands inside it, and still a claim. */
  writtenAt(kind: FileKind, name: string): Promise<string | undefined>;
}

const NAME = /^[0-9a-f]{64}$/;

export class FolderFiles implements RepositoryFiles {
  readonly place: string;
  readonly at: string;

  constructor(folder: string) {
    this.place = folder;
    this.at = folder;
  }

  async list(kind: FileKind): Promise<string[]> {
    try {
      // Packs stand in folders named by their first two digits; nowhere does a link lead elsewhere.
      const entries = await readdir(join(this.place, kind), { recursive: kind === 'data', withFileTypes: true });
      return entries.flatMap((entry) => (entry.isFile() && NAME.test(entry.name) ? entry.name : [])).toSorted();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw this.#told(error, kind);
    }
  }

  async read(kind: FileKind, name: string): Promise<Buffer> {
    try {
      await using file = await unmarked(this.#path(kind, name));
      return await file.readFile();
    } catch (error) {
      throw this.#told(error, `${kind} ${name}`);
    }
  }

  async readPart(pack: string, offset: number, length: number, room?: Buffer): Promise<Buffer> {
    try {
      await using file = await unmarked(this.#path('data', pack));
      // An index may promise more than there is: no memory is taken for that.
      const there = Math.max(0, Math.min(length, (await file.stat()).size - offset));
      const part = room !== undefined && room.length >= there ? room : Buffer.allocUnsafeSlow(there);
      let filled = 0;
      while (filled < there) {
        const { bytesRead } = await file.read(part, filled, there - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return part.subarray(0, filled);
    } catch (error) {
      throw this.#told(error, `pack ${pack}`);
    }
  }

  async packBytes(pack: string): Promise<number> {
    try {
      return (await stat(this.#path('data', pack))).size;
    } catch (error) {
      throw this.#told(error, `pack ${pack}`);
    }
  }

  async writtenAt(kind: FileKind, name: string): Promise<string | undefined> {
    return (await stat(this.#path(kind, name)).catch(() => undefined))?.mtime.toISOString();
  }

  #path(kind: FileKind, name: string): string {
    if (kind === 'config') return join(this.place, 'config');
    return kind === 'data' ? join(this.place, 'data', name.slice(0, 2), name) : join(this.place, kind, name);
  }

  #told(error: unknown, what: string): Error {
    const code = codeOf(error);
    return code === 'ENOENT' ? new Missing(what) : new Damaged(what, `cannot be read (${code})`);
  }
}

/** Opened without leaving the time of reading on it, where the system lets us (open(2), O_NOATIME: our own files, or all as root). */
const unmarked = (path: string) =>
  open(path, constants.O_RDONLY | (constants.O_NOATIME ?? 0)).catch((error: unknown) => {
    if (codeOf(error) === 'EPERM') return open(path);
    throw error;
  });

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'error');
