import { accept, type Result } from '../../journal/result.ts';
import type { NightContent } from '../../restore/cleanPoint/night.ts';
import type { Work } from '../../restore/ports.ts';
import { interrupted } from '../backupTree/refusals.ts';
import { unread } from '../restic/repository/open.ts';
import type { Repository } from '../restic/repository/repository.ts';
import { type Content, Folders } from './folders.ts';
import type { Contents, ListedNight, NightReader, Reading } from './nightReader.ts';
import { PackedContents } from './packedContents.ts';

/** The nights of a restic repository, read without restoring any. */
export class ResticNights implements NightReader {
  readonly reading: Reading = { blobs: 0, bytes: 0, again: 0 };
  readonly triesAgain = true;
  readonly #repository: Repository;
  readonly #folders: Folders;

  constructor(repository: Repository) {
    this.#repository = repository;
    this.#folders = new Folders(repository);
  }

  get place(): string {
    return this.#repository.files.place;
  }

  async nights(): Promise<Result<ListedNight[]>> {
    const { whole, damaged } = await this.#repository.snapshots();
    const unreadable = damaged.map(({ id, storedAt }): ListedNight => {
      const night = { id, time: storedAt ?? new Date().toISOString(), host: '', paths: [], list: null };
      return storedAt === undefined ? night : { ...night, storedAt };
    });
    return accept([...whole.map(({ tree, ...night }) => ({ ...night, list: tree })), ...unreadable]);
  }

  async read(nights: readonly ListedNight[], contents: Contents, { signal }: Work): Promise<Result<void>> {
    const wanted: Content[] = [];
    try {
      for (const { list } of nights) {
        if (signal.aborted) return interrupted(this.place);
        if (list === null) continue;
        await this.#folders.below(list, (content) => {
          if (content.blobs.length > 0 && contents.claim(content.key, content.bytes)) wanted.push(content);
        });
      }
      if (wanted.length === 0) return accept(undefined);
      const packed = await PackedContents.of(this.#repository, this.reading);
      for await (const { key, bytes, pieces } of packed.all(wanted, signal)) await contents.bring(key, bytes, pieces);
      await contents.settled();
    } catch (error) {
      return unread(this.place, error);
    }
    return signal.aborted ? interrupted(this.place) : accept(undefined);
  }

  async filesOf({ list, paths }: ListedNight): Promise<NightContent> {
    if (list === null) return { files: [], damaged: [{ path: '/', reason: 'the snapshot itself cannot be read' }] };
    return { ...(await this.#folders.below(list)), above: await this.#folders.above(list, paths) };
  }
}
