import type { MapChange, Section, Thing } from '../change/change.ts';
import { indexOf } from '../change/mapIndex.ts';
import { keyOf } from '../change/references.ts';
import type { HospitalMap, Need } from '../model.ts';

export interface Named {
  section: Section;
  id: string;
}

/** What taking something off the map takes with it. */
export interface Removal {
  /** What names it, and would no longer. */
  hangs: Named[];
  /** What cannot be without it: to be seen to first. */
  blockedBy: Named[];
  /** All of it, to be made together. */
  changes: MapChange[];
}

export function removalOf(map: HospitalMap, section: Section, id: string): Removal {
  const thing = find(map, section, id);
  if (thing === undefined) return { hangs: [], blockedBy: [], changes: [] };
  const removal: Removal = { hangs: [], blockedBy: [], changes: [] };
  for (const { section: of, thing: namer } of namersOf(map, section, id)) {
    const freed = without(of, namer, section, id);
    removal.hangs.push({ section: of, id: namer.id });
    if (freed === null) removal.blockedBy.push({ section: of, id: namer.id });
    else removal.changes.push(change(of, namer, freed === 'gone' ? null : freed));
  }
  const { establishment } = map;
  if (section === 'components' && establishment.reflexe === id) {
    const { reflexe: _reflexe, ...to } = establishment;
    removal.changes.push({ section: 'establishment', id: establishment.id, from: establishment, to });
  }
  removal.changes.push(change(section, thing, null));
  return removal;
}

const find = (map: HospitalMap, section: Section, id: string): Thing | undefined =>
  map[section].find((thing) => thing.id === id);

function namersOf(map: HospitalMap, section: Section, id: string): { section: Section; thing: Thing }[] {
  const index = indexOf(map);
  const keys = new Set(index.namers(keyOf(section, id)));
  const written = [...keys].flatMap((key) => index.things(key));
  // Links only proposed name nothing in the index, and yet must go with what they lead to.
  const proposing = (['careFunctions', 'components'] as const).flatMap((of) =>
    map[of]
      .filter((thing) => !keys.has(keyOf(of, thing.id)) && thing.proposed?.some(({ need }) => need === id))
      .map((thing) => ({ section: of, thing })),
  );
  return section === 'components' || section === 'careFunctions' ? [...written, ...proposing] : written;
}

const change = (section: Section, from: Thing, to: Thing | null): MapChange =>
  // Both are of this section.
  ({ section, id: from.id, from, to }) as MapChange;

/** The thing without this name in it; `gone`: there is no reason for it any more; null: it cannot be without it. */
function without(section: Section, thing: Thing, of: Section, id: string): Thing | 'gone' | null {
  const kept = (list: readonly string[]) => list.filter((one) => one !== id);
  const isCalled = (one: string | undefined) => one === id;
  const fields = new Map<string, unknown>(Object.entries(thing));
  if (section === 'wards' && of === 'sites') return null;
  if (section === 'contracts' && of === 'suppliers') return null;
  for (const field of ['site', 'supplier', 'team', 'partOf'])
    if (fieldsOf[of].includes(field) && isCalled(String(fields.get(field)))) fields.delete(field);
  for (const field of ['wards', 'accessPoints', 'covers', 'reliesOn', 'members']) {
    const list = fields.get(field);
    if (fieldsOf[of].includes(field) && Array.isArray(list)) fields.set(field, kept(list));
  }
  if (section === 'careFunctions' && (fields.get('wards') as string[]).length === 0) return null;
  if (section === 'startTogether' && (fields.get('members') as string[]).length < 2) return 'gone';
  if ((of === 'components' || of === 'careFunctions') && 'needs' in thing && thing.needs !== undefined) {
    const needs = pruned(thing.needs, id);
    if (needs === undefined) fields.delete('needs');
    else fields.set('needs', needs);
  }
  if ('proposed' in thing && thing.proposed !== undefined)
    fields.set(
      'proposed',
      thing.proposed.filter(({ need }) => need !== id),
    );
  return Object.fromEntries(fields) as Thing;
}

/** Fields in which something of a section is named. */
const fieldsOf: { readonly [Name in Section]: readonly string[] } = {
  sites: ['site'],
  wards: ['wards'],
  suppliers: ['supplier', 'reliesOn'],
  contracts: [],
  teams: ['team'],
  careFunctions: ['partOf'],
  components: ['accessPoints', 'covers', 'members'],
  startTogether: [],
};

/** A need without what it named; a choice left with fewer sides asks for no more than it has. */
function pruned(need: Need, id: string): Need | undefined {
  if ('need' in need) return need.need === id ? undefined : need;
  const each = (list: readonly Need[]) => list.flatMap((one) => pruned(one, id) ?? []);
  const word = 'all' in need ? 'all' : 'any' in need ? 'any' : 'of';
  const left = each('all' in need ? need.all : 'any' in need ? need.any : need.of);
  if (left.length === 0) return undefined;
  if (word === 'of') return { atLeast: Math.min('of' in need ? need.atLeast : 1, left.length), of: left };
  return word === 'all' ? { all: left } : { any: left };
}
