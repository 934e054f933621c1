import { canonical } from '../../journal/canonical.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { HospitalMap } from '../model.ts';
import { type MapChange, type Section, sections, type Thing, type ThingChange } from './change.ts';
import { type Listing, listing, Ordered } from './ordered.ts';

/**
 * The map with all changes, or none: `map-changed-meanwhile` where a thing is no longer what a change says it was.
 * Ids are short, as in a compiled map's document. Whether the whole still holds together is `mapProblems`' question.
 */
export function applied(map: HospitalMap, changes: readonly MapChange[]): Result<HospitalMap> {
  let { establishment } = map;
  const touched = new Map<Section, Listing<Thing>>();
  for (const change of changes) {
    if (change.section === 'establishment') {
      if (!same(establishment, change.from)) return changedMeanwhile(change);
      establishment = change.to;
      continue;
    }
    const things = touched.get(change.section) ?? listing<Thing>(map[change.section], changes.length);
    touched.set(change.section, things);
    const now = things.get(change.id) ?? null;
    if (change.from === null && now !== null) return alreadyThere(change);
    if (!same(now, change.from)) return changedMeanwhile(change);
    if (change.to === null) things.remove(change.id);
    else if (change.to.id !== change.id) return misnamed(change);
    else if (!things.put(change.to, change.place?.to)) return nowhere(change);
  }
  const lists = Object.fromEntries([...touched].map(([section, things]) => [section, things.list()]));
  return accept({ ...map, establishment, ...lists });
}

/** The same changes, each saying where what it moves or takes off stood: taken back, it stands there again. */
export function withPlaces(map: HospitalMap, changes: readonly MapChange[]): MapChange[] {
  const touched = new Map<Section, Listing<Thing>>();
  return changes.map((change): MapChange => {
    if (change.section === 'establishment') return change;
    const { section, id, from, to, place } = change;
    const things = touched.get(section) ?? listing<Thing>(map[section], changes.length);
    touched.set(section, things);
    const before = things.before(id);
    if (to === null) things.remove(id);
    else things.put(to, place?.to);
    const { place: _claimed, ...rest } = change;
    const goes = place?.to === undefined ? {} : { to: place.to };
    if (from === null) return place?.to === undefined ? rest : { ...rest, place: goes };
    // Only what moves or goes leaves a place.
    return to !== null && place?.to === undefined ? rest : { ...rest, place: { from: before, ...goes } };
  });
}

/** What leads from one map to another; applied to the first, it gives the second. */
export function differences(from: HospitalMap, to: HospitalMap): MapChange[] {
  const head: MapChange[] = same(from.establishment, to.establishment)
    ? []
    : [{ section: 'establishment', id: to.establishment.id, from: from.establishment, to: to.establishment }];
  return [...head, ...sections.flatMap((section) => between(section, from[section], to[section]))];
}

function between(section: Section, from: readonly Thing[], to: readonly Thing[]): MapChange[] {
  const change = (id: string, was: Thing | null, is: Thing | null, place?: ThingChange['place']) =>
    // Both are of this section.
    ({ section, id, from: was, to: is, ...(place === undefined ? {} : { place }) }) as ThingChange;
  const things = new Ordered(from);
  const changes: MapChange[] = [];
  const wanted = new Set(to.map(({ id }) => id));
  for (const thing of from.toReversed()) {
    if (wanted.has(thing.id)) continue;
    changes.push(change(thing.id, thing, null, { from: things.before(thing.id) }));
    things.remove(thing.id);
  }
  const stays = longestRise(things.list(), to);
  let next: string | null = null;
  for (const thing of to.toReversed()) {
    const was = things.get(thing.id) ?? null;
    const place = was === null ? { to: next } : { from: things.before(thing.id), to: next };
    if (!stays.has(thing.id)) changes.push(change(thing.id, was, thing, place));
    else if (!same(was, thing)) changes.push(change(thing.id, was, thing));
    if (!stays.has(thing.id)) things.put(thing, next);
    next = thing.id;
  }
  return changes;
}

/** The most things that are already in the right order: all others move (longest increasing subsequence, patience sorting). */
function longestRise(now: readonly Thing[], wanted: readonly Thing[]): Set<string> {
  const rank = new Map(wanted.map(({ id }, index) => [id, index]));
  const tails: number[] = [];
  const order = now.map(({ id }) => rank.get(id) ?? 0);
  const previous = new Map<number, number>();
  for (const one of order) {
    let left = 0;
    let right = tails.length;
    while (left < right) {
      const middle = (left + right) >> 1;
      if ((tails[middle] ?? 0) < one) left = middle + 1;
      else right = middle;
    }
    const before = tails[left - 1];
    if (before !== undefined) previous.set(one, before);
    tails[left] = one;
  }
  const kept = new Set<string>();
  for (let one = tails.at(-1); one !== undefined; one = previous.get(one)) kept.add(wanted[one]?.id ?? '');
  return kept;
}

export const same = (one: object | null, other: object | null): boolean =>
  one === other || (one !== null && other !== null && canonical(one) === canonical(other));

const kept = 'The map in force is unchanged, and so is what you wrote.';

const changedMeanwhile = ({ section, id }: MapChange) =>
  refuse('map-changed-meanwhile', 'Somebody changed it since you opened it.', {
    where: `${section} ${id}`,
    expected: 'the thing as it was when you opened it',
    kept,
    cure: 'Look at what it says now, and make your change again.',
  });

const alreadyThere = ({ section, id }: MapChange) =>
  refuse('map-id-taken', 'Something on the map already has this id.', {
    where: `${section} ${id}`,
    expected: 'an id of its own',
    kept,
    cure: 'Give the new one another id, or change the one that is there.',
  });

const misnamed = ({ section, id }: MapChange) =>
  refuse('map-change-misnamed', 'A change names one thing and brings another.', {
    where: `${section} ${id}`,
    expected: 'one id; another id is another thing: take the first off the map and put the second on it',
    kept,
  });

const nowhere = ({ section, id }: ThingChange) =>
  refuse('map-place-unknown', 'It is to stand before something that is not on the map.', {
    where: `${section} ${id}`,
    expected: 'the id of another thing of the same list',
    kept,
  });
