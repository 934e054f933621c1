import type { Attributes } from '../../backupTree/attributes.ts';
import type { Name } from '../../backupTree/name.ts';
import type { BlobTable } from '../repository/blobTable.ts';
import { spansOfEntries } from '../repository/spans.ts';
import type { WriteTask } from '../threads/tasks.ts';

/** A file to be written. */
export interface PlannedFile {
  path: Name;
  /** Where it is written, `path` below the folder restored into. */
  target: Name;
  bytes: number;
  content: readonly string[];
  attributes: Attributes;
  /** Why it cannot come back, once that is known. */
  damaged?: string;
  /** Whether its attributes were given together with its bytes. */
  finished?: true;
}

/** A write task, with the file behind each number it uses. */
export interface PlannedTask {
  task: WriteTask;
  planned: PlannedFile[];
}

/**
 * What to read of which pack, and where each blob goes: a pack is read once, in the order of its bytes, whatever the files.
 * A file with a blob that no index knows, or that is not as long as its folder says, is marked damaged and not written.
 */
export function planned(table: BlobTable, files: readonly PlannedFile[]): PlannedTask[] {
  /** By pack, by entry of the index: the files and offsets it goes to. */
  const packs = new Map<number, Map<number, { file: PlannedFile; offset: number }[]>>();
  for (const file of files) {
    const places = placesOf(table, file);
    if (typeof places === 'string') file.damaged = places;
    else
      for (const { entry, offset } of places) {
        const pack = table.packNumber(entry);
        const entries = packs.get(pack) ?? new Map<number, { file: PlannedFile; offset: number }[]>();
        packs.set(pack, entries);
        const targets = entries.get(entry);
        if (targets === undefined) entries.set(entry, [{ file, offset }]);
        else targets.push({ file, offset });
      }
  }
  return [...packs.values()].flatMap((targets) => tasksOfPack(table, targets));
}

function placesOf(table: BlobTable, file: PlannedFile): { entry: number; offset: number }[] | string {
  const places: { entry: number; offset: number }[] = [];
  let offset = 0;
  for (const id of file.content) {
    const [entry] = table.find(id, 'data');
    if (entry === undefined) return `blob ${id} stands in no index`;
    places.push({ entry, offset });
    offset += table.plainLength(entry);
  }
  return offset === file.bytes ? places : `its blobs are ${offset} bytes long, its folder says ${file.bytes}`;
}

function tasksOfPack(
  table: BlobTable,
  targets: ReadonlyMap<number, readonly { file: PlannedFile; offset: number }[]>,
): PlannedTask[] {
  const entries = [...targets.keys()].toSorted((one, other) => table.place(one).offset - table.place(other).offset);
  let next = 0;
  return spansOfEntries(table, entries).map((span) => {
    const numbers = new Map<PlannedFile, number>();
    const references = new Map<PlannedFile, number>();
    const flat = span.blobs.map(() => {
      const pairs: number[] = [];
      for (const { file, offset } of targets.get(entries[next++] ?? -1) ?? []) {
        const number = numbers.get(file) ?? numbers.size;
        numbers.set(file, number);
        references.set(file, (references.get(file) ?? 0) + 1);
        pairs.push(number, offset);
      }
      return pairs;
    });
    const files = [...numbers.keys()];
    return {
      planned: files,
      task: {
        kind: 'write',
        span,
        targets: flat,
        files: files.map((file) => {
          const whole = references.get(file) === file.content.length;
          if (whole) file.finished = true;
          return { path: file.target, bytes: file.bytes, ...(whole ? { finish: file.attributes } : {}) };
        }),
      },
    };
  });
}
