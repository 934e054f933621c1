import { type BackupEntries, type BackupEntry, FOLDER_ENTRIES_MAX } from '../../restore/ports.ts';

/** What stands in a folder, in the order of names, up to what is told of one. */
export function told(entries: readonly BackupEntry[]): BackupEntries {
  const sorted = entries.toSorted((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  return { entries: sorted.slice(0, FOLDER_ENTRIES_MAX), truncated: sorted.length > FOLDER_ENTRIES_MAX };
}
