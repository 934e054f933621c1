import { accept, type Result } from '../../journal/result.ts';
import type { BackupEntries, BackupEntry } from '../../restore/ports.ts';
import { isWithin, namesOf } from '../backupTree/part.ts';
import { pathUnknown } from '../backupTree/refusals.ts';
import { told } from '../backupTree/told.ts';
import type { SaidItem } from './said.ts';

/**
 * Finds what was backed up among an archive's items as they come: borg keeps paths from the root of the machine. A single
 * folder that all others stand in becomes the top, as with restic; `.` is the top already.
 */
export class Shape {
  #top: string | undefined;
  #single = true;

  see({ path, type }: SaidItem): void {
    if (path === '.' || path === '') this.#single = false;
    else if (this.#top === undefined) {
      this.#top = path;
      this.#single &&= type === 'd';
    } else if (!isWithin(path, this.#top)) this.#single = false;
  }

  /** `''` where paths are given back as they are. */
  get top(): string {
    return this.#single ? (this.#top ?? '') : '';
  }
}

/** Where a part stands in the archive; undefined where it would lead elsewhere. */
export function pathOf(top: string, part: string): string | undefined {
  if (part === '') return top;
  if (namesOf(part) === undefined) return undefined;
  return top === '' ? part : `${top}/${part}`;
}

export const depthOf = (path: string): number => (path === '' ? 0 : path.split('/').length);

const kinds: { readonly [type: string]: BackupEntry['kind'] } = { '-': 'file', h: 'file', d: 'folder', l: 'link' };
export const kindOf = (type: string): BackupEntry['kind'] => kinds[type] ?? 'other';

/** What stands directly in a folder of the archive; folders that it keeps no item of are told by what they hold. */
export class FolderInArchive {
  readonly #entries = new Map<string, BackupEntry>();
  readonly #folder: string;
  #isThere: boolean;

  /** `folder` as the archive knows it. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#isThere = folder === '';
  }

  see({ path, type, bytes, modifiedAt }: SaidItem): void {
    if (path === '.' || path === '') return;
    if (path === this.#folder) this.#isThere = kindOf(type) === 'folder';
    const before = this.#folder === '' ? '' : `${this.#folder}/`;
    if (!path.startsWith(before) || path === this.#folder) return;
    this.#isThere = true;
    const end = path.indexOf('/', before.length);
    const name = path.slice(before.length, end === -1 ? undefined : end);
    if (end !== -1) {
      const implied: BackupEntry = { name, kind: 'folder', bytes: null, modifiedAt: null, content: null };
      if (!this.#entries.has(name)) this.#entries.set(name, implied);
      return;
    }
    const kind = kindOf(type);
    this.#entries.set(name, { name, kind, bytes: kind === 'file' ? bytes : null, modifiedAt, content: null });
  }

  result(snapshot: string, asked: string): Result<BackupEntries> {
    return this.#isThere ? accept(told([...this.#entries.values()])) : pathUnknown(snapshot, asked);
  }
}
