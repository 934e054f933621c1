import { shortReference, withShortReferences } from '../document/reference.ts';
import type { HospitalMap } from '../model.ts';
import type { MapChange, Section, Thing, ThingChange } from './change.ts';

/** Changes as the map in force writes its references, whoever wrote them, and without those that change nothing of a thing. */
export function withShortIds(changes: readonly MapChange[], establishment: HospitalMap['establishment']): MapChange[] {
  const short = (reference: string) => shortReference(reference, establishment.id);
  const before = (place: string | null | undefined) => (typeof place === 'string' ? short(place) : place);
  return changes.map((change): MapChange => {
    if (change.section === 'establishment') return change;
    const { section, place } = change;
    const thing = (one: Thing | null) => (one === null ? null : shortThing(section, one, establishment));
    const moved = place === undefined ? {} : { place: { from: before(place.from), to: before(place.to) } };
    // Both stay of this section.
    return { ...change, id: short(change.id), from: thing(change.from), to: thing(change.to), ...moved } as ThingChange;
  });
}

const nothing = {
  version: 1,
  sites: [],
  wards: [],
  suppliers: [],
  contracts: [],
  teams: [],
  careFunctions: [],
  components: [],
  startTogether: [],
} as const;

function shortThing(section: Section, thing: Thing, establishment: HospitalMap['establishment']): Thing {
  const alone = { ...nothing, establishment, [section]: [thing] } as unknown as HospitalMap;
  return withShortReferences(alone)[section][0] ?? thing;
}
