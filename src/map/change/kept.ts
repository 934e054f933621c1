import type { HospitalMap } from '../model.ts';
import { type MapChange, type Section, sections, type Thing } from './change.ts';
import { type Key, keyOf, namedBy, thingsOf } from './references.ts';

/** What was taken off the map while an incident was open or a recovery ran, as it last was. */
export type Kept = { readonly [Name in Section]?: HospitalMap[Name] };

export const nothingKept: Kept = {};

export function keeping(kept: Kept, changes: readonly MapChange[]): Kept {
  const next: { [Name in Section]?: Thing[] } = { ...kept };
  for (const change of changes) {
    if (change.section === 'establishment') continue;
    const { section, id, from, to } = change;
    const others = (next[section] ?? []).filter((thing) => thing.id !== id);
    next[section] = to === null && from !== null ? [...others, from] : others;
  }
  const filled = Object.entries(next).filter(([, things]) => things.length > 0);
  // Each list holds what was taken from its own section.
  return filled.length === 0 ? nothingKept : (Object.fromEntries(filled) as Kept);
}

const made = new WeakMap<Kept, { document: HospitalMap; among: string; whole: HospitalMap }>();

/**
 * The map in force, and with it what care functions and components among those named rested on when they were taken off it:
 * what an incident opened with stays until it ends. Nothing in force names what was taken off, so that no ring can come of it.
 */
export function withKept(document: HospitalMap, kept: Kept, named: readonly string[]): HospitalMap {
  if (kept === nothingKept || Object.keys(kept).length === 0) return document;
  const among = named.join(' ');
  const known = made.get(kept);
  if (known?.document === document && known.among === among) return known.whole;
  const whole = joined(document, kept, named);
  made.set(kept, { document, among, whole });
  return whole;
}

function joined(document: HospitalMap, kept: Kept, named: readonly string[]): HospitalMap {
  const lists = Object.fromEntries(sections.map((section) => [section, kept[section] ?? []]));
  const things = new Map<Key, [Section, Thing]>();
  for (const [section, thing] of thingsOf({ ...document, ...lists }))
    things.set(keyOf(section, thing.id), [section, thing]);
  const reached = new Set<Key>(named.map((id) => keyOf('components', id)));
  for (const key of reached) {
    const placed = things.get(key);
    if (placed !== undefined) for (const one of namedBy(...placed)) reached.add(one);
    for (const group of kept.startTogether ?? [])
      if (group.members.some((id) => keyOf('components', id) === key)) reached.add(keyOf('startTogether', group.id));
  }
  const back = (section: Section) => (kept[section] ?? []).filter(({ id }) => reached.has(keyOf(section, id)));
  return {
    ...document,
    ...Object.fromEntries(sections.map((section) => [section, [...document[section], ...back(section)]])),
  };
}
