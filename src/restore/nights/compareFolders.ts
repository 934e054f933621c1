import type { BackupEntries, BackupEntry } from '../ports.ts';

/** `unknown`: the source cannot say without reading, or did not tell all that stands there. */
export type EntryChange = 'same' | 'changed' | 'added' | 'removed' | 'unknown';

export interface ComparedEntry extends Pick<BackupEntry, 'name' | 'kind' | 'bytes' | 'modifiedAt'> {
  /** Against the other night; null where none was asked for. */
  change: EntryChange | null;
  /** What it was in the other night, where it was there. */
  before: Pick<BackupEntry, 'kind' | 'bytes' | 'modifiedAt'> | null;
}

/** One folder of a night, beside the same folder of another. */
export interface ComparedFolder {
  /** In the order of their names; what was removed stands among them. */
  entries: ComparedEntry[];
  /** More stands there than is told. */
  truncated: boolean;
}

export function compareFolders(now: BackupEntries, before: BackupEntries | null): ComparedFolder {
  const told = now.entries.map((entry) => ({ ...shown(entry), change: null, before: null }));
  if (before === null) return { entries: told, truncated: now.truncated };
  const was = new Map(before.entries.map((entry) => [entry.name, entry]));
  const is = new Set(now.entries.map(({ name }) => name));
  const standing = now.entries.map((entry): ComparedEntry => {
    const other = was.get(entry.name);
    return other === undefined
      ? { ...shown(entry), change: before.truncated ? 'unknown' : 'added', before: null }
      : { ...shown(entry), change: changeOf(entry, other), before: factsOf(other) };
  });
  const gone = before.entries
    .filter(({ name }) => !is.has(name))
    .map(
      (entry): ComparedEntry => ({
        ...shown(entry),
        change: now.truncated ? 'unknown' : 'removed',
        before: factsOf(entry),
      }),
    );
  return {
    entries: [...standing, ...gone].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    truncated: now.truncated || before.truncated,
  };
}

function changeOf(now: BackupEntry, before: BackupEntry): EntryChange {
  if (now.kind !== before.kind) return 'changed';
  if (now.content !== null && before.content !== null) return now.content === before.content ? 'same' : 'changed';
  // A date proves nothing: whoever changes a file may set it back.
  return now.kind === 'file' && now.bytes !== null && before.bytes !== null && now.bytes !== before.bytes
    ? 'changed'
    : 'unknown';
}

const factsOf = ({ kind, bytes, modifiedAt }: BackupEntry) => ({ kind, bytes, modifiedAt });
const shown = (entry: BackupEntry) => ({ name: entry.name, ...factsOf(entry) });
