import type { HospitalMap } from '../model.ts';
import type { Imports } from '../state.ts';
import { type MapChange, type Section, sections } from './change.ts';

export type Counts = { [Name in Section | 'establishment']?: { added: number; changed: number; removed: number } };

/** One change of the map as its history tells it. */
export interface MapVersion {
  /** Of its event: its name. */
  sequence: number;
  /** ISO. */
  time: string;
  /** The actor. */
  by: string;
  source: string;
  counts: Counts;
  /** The journal's document with its changes; null: a whole map was put in place, which cannot be taken back. */
  document: string | null;
  /** The changes themselves while they are few; otherwise they are read back from the journal. */
  changes: readonly MapChange[] | null;
  undoes: number | null;
  undoneBy: number | null;
  /** What the tool had said before this import of it, or before this taking back of one. */
  toolBefore: { from: string; was: Imports[string] | null } | null;
}

/** Changes of the map that can be looked at and taken back: some years of edits. Older ones are in the journal. */
export const versionsKept = 500;
/** Things one change may have touched for it to be kept at hand… */
const thingsKeptEach = 100;
/** …and all changes together, the newest first: they are part of every snapshot. */
const thingsKept = 2_000;

export function withVersion(history: readonly MapVersion[], version: MapVersion): MapVersion[] {
  const undone = history.find(({ sequence }) => sequence === version.undoes);
  const marked = history.map((one) => {
    if (one === undone) return { ...one, undoneBy: version.sequence };
    // What takes back an undoing puts the first change in force again.
    return undone?.undoes === one.sequence ? { ...one, undoneBy: null } : one;
  });
  let left = thingsKept;
  return [...marked, version]
    .slice(-versionsKept)
    .toReversed()
    .map((one) => {
      const things = one.changes?.length ?? 0;
      left -= things;
      return things > thingsKeptEach || left < 0 ? { ...one, changes: null } : one;
    })
    .toReversed();
}

export function countsOf(changes: readonly MapChange[]): Counts {
  const counts: Counts = {};
  for (const { section, from, to } of changes) {
    const count = counts[section] ?? { added: 0, changed: 0, removed: 0 };
    count[from === null ? 'added' : to === null ? 'removed' : 'changed'] += 1;
    counts[section] = count;
  }
  return counts;
}

export const countsOfWhole = (map: HospitalMap): Counts =>
  Object.fromEntries(
    sections
      .filter((section) => map[section].length > 0)
      .map((section) => [section, { added: map[section].length, changed: 0, removed: 0 }]),
  );
