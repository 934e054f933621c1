import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import type { WalArchive } from '../walArchive/archive.ts';
import { unpacked } from '../walArchive/unpacked.ts';

const SEGMENT = /^([0-9A-F]{24})(\.gz|\.zst)?$/;

/** A folder that `archive_command` copies segments into, plain or packed with gzip or zstd. Nothing but themselves vouches for them. */
export class FolderArchive implements WalArchive {
  readonly place: string;
  readonly #files = new Map<string, { file: string; ending: string }>();

  constructor(folder: string) {
    this.place = folder;
  }

  async segments(timeline: number): Promise<Result<string[]>> {
    const names = await readdir(this.place).catch(() => undefined);
    if (names === undefined)
      return refuse('backup-unreachable', 'The archive of the write-ahead log cannot be opened.', {
        where: this.place,
        expected: 'the folder that archive_command copies into',
        kept: 'Nothing was read or changed.',
        cure: 'Check its path and that its disk is mounted.',
        retryable: true,
      });
    for (const file of names.toSorted()) {
      const [, name, ending = ''] = SEGMENT.exec(file) ?? [];
      if (name !== undefined && !this.#files.has(name)) this.#files.set(name, { file, ending });
    }
    const of = timeline.toString(16).toUpperCase().padStart(8, '0');
    return accept([...this.#files.keys()].filter((name) => name.startsWith(of)).toSorted());
  }

  async read(name: string): Promise<Result<Buffer>> {
    const { file, ending } = this.#files.get(name) ?? { file: name, ending: '' };
    try {
      const content = await unpacked(await readFile(join(this.place, file)), ending);
      return content === undefined ? this.#damaged(file) : accept(content);
    } catch {
      return this.#damaged(file);
    }
  }

  #damaged(file: string): Refusing {
    return refuse('backup-damaged', 'A segment of the archive cannot be read.', {
      where: join(this.place, file),
      expected: 'a segment as PostgreSQL writes it, plain or packed with gzip or zstd',
      kept: 'Nothing after it was read.',
      cure: 'Ask for a moment before it, or look for another copy of this segment.',
    });
  }
}
