import { referencesIn } from '../document/reference.ts';
import type { HospitalMap } from '../model.ts';
import { type Section, sections, type Thing, type ThingOf } from './change.ts';

/** `wards cardio`: one name for each thing of a map. What is needed, components and care functions, shares one space of ids. */
export type Key = string;

export const keyOf = (section: Section, id: string): Key =>
  `${section === 'components' || section === 'careFunctions' ? 'needed' : section} ${id}`;

const named: { readonly [Name in Section]: (thing: ThingOf<Name>) => Iterable<[Section, string | undefined]> } = {
  sites: () => [],
  wards: ({ site, accessPoints }) => [['sites', site], ...each('components', accessPoints)],
  suppliers: ({ reliesOn }) => each('suppliers', reliesOn),
  contracts: ({ supplier, covers }) => [['suppliers', supplier], ...each('components', covers)],
  teams: () => [],
  careFunctions: ({ wards, partOf, needs }) => [
    ...each('wards', wards),
    ['careFunctions', partOf],
    ...each('components', needs === undefined ? [] : [...referencesIn(needs)]),
  ],
  components: ({ site, supplier, team, needs }) => [
    ['sites', site],
    ['suppliers', supplier],
    ['teams', team],
    ...each('components', needs === undefined ? [] : [...referencesIn(needs)]),
  ],
  startTogether: ({ members }) => each('components', members),
};

const each = (section: Section, ids: readonly string[] = []) => ids.map((id): [Section, string] => [section, id]);

/** What a thing names of the map, directly; links that are only proposed count for nothing. */
export function* namedBy(section: Section, thing: Thing): Generator<Key> {
  // One section's things at a time.
  const names = named[section] as (thing: Thing) => Iterable<[Section, string | undefined]>;
  for (const [of, id] of names(thing)) if (id !== undefined) yield keyOf(of, id);
}

export function* thingsOf(map: Pick<HospitalMap, Section>): Generator<[Section, Thing]> {
  for (const section of sections) for (const thing of map[section]) yield [section, thing];
}
