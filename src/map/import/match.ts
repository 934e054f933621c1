import type { Thing } from '../change/change.ts';
import type { HospitalMap } from '../model.ts';
import type { ImportedSection, Told } from './imported.ts';
import type { ImportMemory } from './memory.ts';
import { freeId, idOf, sameName } from './names.ts';

/** Sections whose things may not have the same id: needs name components and care functions alike. */
const family = (section: ImportedSection): string =>
  section === 'careFunctions' || section === 'components' ? 'needed' : section;

export interface Matched {
  told: Told;
  /** Its id on the map, its own already or the one it takes. */
  id: string;
  /** What the map has; undefined: it is new. */
  thing: Thing | undefined;
}

/**
 * Which thing of the map each thing of an import is: the one of the same origin; else the one a former import of this tool was
 * held to be; else the one of the same id; else the only one of the same name and kind. No two are the same thing.
 */
export function matched(map: HospitalMap, from: string, things: readonly Told[], memory?: ImportMemory): Matched[] {
  const claimed = new Map<Told, Thing>();
  const taken = new Set<Thing>();
  const indexes = new Map<ImportedSection, Index>();
  const indexOf = (section: ImportedSection) => {
    const index = indexes.get(section) ?? indexed(map[section]);
    indexes.set(section, index);
    return index;
  };
  const claim = (find: (told: Told, index: Index) => Thing | undefined) => {
    for (const told of things) {
      if (claimed.has(told)) continue;
      const found = find(told, indexOf(told.section));
      if (found === undefined || taken.has(found)) continue;
      claimed.set(told, found);
      taken.add(found);
    }
  };
  // Of the same tool but by another key: that is another thing of it.
  const isAnother = (told: Told, thing: Thing) =>
    'origin' in thing && thing.origin?.from === from && thing.origin.id !== told.key;
  claim((told, { byOrigin }) => byOrigin.get(`${from} ${told.key}`));
  claim((told, { byId }) => byId.get(memory?.things[told.section]?.[told.key]?.id ?? ''));
  claim((told, { byId }) => {
    const thing = byId.get(told.id);
    if (thing === undefined || isAnother(told, thing)) return undefined;
    return told.key === told.id || sameKind(told, thing) ? thing : undefined;
  });
  claim((told, { byName }) => {
    const all = (byName.get(sameName(told.name)) ?? []).filter(
      (thing) => sameKind(told, thing) && !isAnother(told, thing),
    );
    return all.length === 1 ? all[0] : undefined;
  });
  const ids = takenIds(map);
  const result: Matched[] = [];
  for (const told of things) {
    const thing = claimed.get(told);
    const used = ids.get(family(told.section)) ?? new Set<string>();
    const id = thing?.id ?? freeId(idOf(told.id), (one) => used.has(one));
    used.add(id);
    result.push({ told, id, thing });
  }
  return result;
}

interface Index {
  byOrigin: ReadonlyMap<string, Thing>;
  byId: ReadonlyMap<string, Thing>;
  byName: ReadonlyMap<string, Thing[]>;
}

function indexed(things: readonly Thing[]): Index {
  const byOrigin = new Map<string, Thing>();
  const byId = new Map<string, Thing>();
  const byName = new Map<string, Thing[]>();
  for (const thing of things) {
    byId.set(thing.id, thing);
    if ('origin' in thing && thing.origin !== undefined) byOrigin.set(`${thing.origin.from} ${thing.origin.id}`, thing);
    for (const name of namesOf(thing)) byName.set(name, [...(byName.get(name) ?? []), thing]);
  }
  return { byOrigin, byId, byName };
}

/** A thing's names, each once, as they are compared. */
export function namesOf({ name }: { name: string | { fr: string; en?: string | undefined } }): string[] {
  const names = typeof name === 'string' ? [name] : [name.fr, name.en ?? name.fr];
  return [...new Set(names.map(sameName))].filter((one) => one !== '');
}

const sameKind = (told: Told, thing: Thing): boolean =>
  !('kind' in thing) || told.known.kind === undefined || thing.kind === told.known.kind;

/** Ids in use on the map, by family. */
function takenIds(map: HospitalMap): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const section of ['sites', 'wards', 'suppliers', 'contracts', 'teams', 'careFunctions', 'components'] as const) {
    const used = ids.get(family(section)) ?? new Set<string>();
    for (const { id } of map[section]) used.add(id);
    ids.set(family(section), used);
  }
  return ids;
}
