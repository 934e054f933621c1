import { z } from 'zod';
import {
  CareFunction,
  Component,
  Contract,
  HospitalMap,
  Reference,
  Site,
  StartTogether,
  Supplier,
  Team,
  Ward,
} from '../model.ts';

/** The lists of a map, in the order a map is written. */
export const sections = [
  'sites',
  'wards',
  'suppliers',
  'contracts',
  'teams',
  'careFunctions',
  'components',
  'startTogether',
] as const;
export type Section = (typeof sections)[number];
export type ThingOf<Name extends Section> = HospitalMap[Name][number];
export type Thing = ThingOf<Section>;

export const shapes = {
  sites: Site,
  wards: Ward,
  suppliers: Supplier,
  contracts: Contract,
  teams: Team,
  careFunctions: CareFunction,
  components: Component,
  startTogether: StartTogether,
} as const;

/** The thing of its section it stands before; null: it stands last. Order is clinical order, and people set it. */
const Before = Reference.nullable();

const changeOf = <Name extends Section>(section: Name) =>
  z.strictObject({
    section: z.literal(section),
    id: Reference,
    /** As the person, or the tool, saw it; null: it was not there. */
    from: shapes[section].nullable(),
    /** As it is to be; null: taken off the map. */
    to: shapes[section].nullable(),
    /** Absent: a new thing comes last, a known one stays where it is. */
    place: z.strictObject({ from: Before.optional(), to: Before.optional() }).optional(),
  });

/** One thing put on the map, changed, moved or taken off it. What it was goes with it: that is how it is undone. */
export const MapChange = z.union([
  changeOf('sites'),
  changeOf('wards'),
  changeOf('suppliers'),
  changeOf('contracts'),
  changeOf('teams'),
  changeOf('careFunctions'),
  changeOf('components'),
  changeOf('startTogether'),
  z.strictObject({
    section: z.literal('establishment'),
    id: Reference,
    from: HospitalMap.shape.establishment,
    to: HospitalMap.shape.establishment,
  }),
]);
export type MapChange = z.infer<typeof MapChange>;
export type ThingChange = Exclude<MapChange, { section: 'establishment' }>;

/** What undoes it. */
export function undone(changes: readonly MapChange[]): MapChange[] {
  return changes.toReversed().map((change): MapChange => {
    if (change.section === 'establishment') return { ...change, from: change.to, to: change.from };
    const { from, to, place, ...rest } = change;
    const back = place === undefined ? {} : { place: { from: place.to, to: place.from } };
    // One section at a time: `from` and `to` are of the same shape.
    return { ...rest, from: to, to: from, ...back } as ThingChange;
  });
}
