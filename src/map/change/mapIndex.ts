import type { HospitalMap } from '../model.ts';
import type { MapChange, Section, Thing } from './change.ts';
import { type Key, keyOf, namedBy, thingsOf } from './references.ts';

/** Things of a map by key, and who names whom. Several things share a key only where the map is wrong. */
export interface MapIndex {
  things(key: Key): readonly Placed[];
  namers(key: Key): readonly Key[];
}
export interface Placed {
  section: Section;
  thing: Thing;
}

class WholeIndex implements MapIndex {
  readonly #things = new Map<Key, Placed[]>();
  readonly #namers = new Map<Key, Key[]>();

  constructor(map: HospitalMap) {
    for (const [section, thing] of thingsOf(map)) this.#put({ section, thing });
  }

  things(key: Key): readonly Placed[] {
    return this.#things.get(key) ?? [];
  }

  namers(key: Key): readonly Key[] {
    return this.#namers.get(key) ?? [];
  }

  /** The index of the map that these changes made of this one. */
  change(changes: readonly MapChange[]): void {
    for (const change of changes) {
      if (change.section === 'establishment') continue;
      if (change.from !== null) this.#take(change.section, change.id);
      if (change.to !== null) this.#put({ section: change.section, thing: change.to });
    }
  }

  #put(placed: Placed): void {
    const { section, thing } = placed;
    const key = keyOf(section, thing.id);
    push(this.#things, key, placed);
    for (const one of namedBy(section, thing)) push(this.#namers, one, key);
  }

  #take(section: Section, id: string): void {
    const key = keyOf(section, id);
    const gone = this.things(key).find((placed) => placed.section === section);
    if (gone === undefined) return;
    drop(this.#things, key, gone);
    for (const one of namedBy(section, gone.thing)) drop(this.#namers, one, key);
  }
}

function push<Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function drop<Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key) ?? [];
  const at = list.indexOf(value);
  if (at < 0) return;
  if (list.length === 1) lists.delete(key);
  else list.splice(at, 1);
}

const indexes = new WeakMap<HospitalMap, WholeIndex>();

/** Made once per map, and carried on by `carryIndex` from one to the next. */
export function indexOf(map: HospitalMap): MapIndex {
  const known = indexes.get(map) ?? new WholeIndex(map);
  indexes.set(map, known);
  return known;
}

/** An edit of a large map costs what it touches: the index goes on as that of the changed map. */
export function carryIndex(before: HospitalMap, after: HospitalMap, changes: readonly MapChange[]): void {
  const index = indexes.get(before);
  if (index === undefined) return;
  indexes.delete(before);
  index.change(changes);
  indexes.set(after, index);
}

/** The index as it would be after some changes; the one it is made of stays as it is. */
export function withChanges(index: MapIndex, changes: readonly MapChange[]): MapIndex {
  const touched = new Map<Key, Placed[]>();
  const namers = new Map<Key, Key[]>();
  for (const change of changes) {
    if (change.section === 'establishment') continue;
    const { section, id, to } = change;
    const key = keyOf(section, id);
    const others = (touched.get(key) ?? index.things(key)).filter((placed) => placed.section !== section);
    touched.set(key, to === null ? [...others] : [...others, { section, thing: to }]);
  }
  for (const [key, placed] of touched) {
    for (const { section, thing } of placed) for (const one of namedBy(section, thing)) push(namers, one, key);
  }
  return {
    things: (key) => touched.get(key) ?? index.things(key),
    namers: (key) => [...index.namers(key).filter((one) => !touched.has(one)), ...(namers.get(key) ?? [])],
  };
}
