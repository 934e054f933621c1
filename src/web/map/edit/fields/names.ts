import type { Section } from '../../../../map/edit/views.ts';
import type { HospitalMap, Words } from '../../../../map/model.ts';

export interface Choosable {
  id: string;
  name: Words;
  /** Its kind, for telling two of one name apart. */
  kind: string;
}

const worded = (name: Words | string): Words => (typeof name === 'string' ? { fr: name } : name);

export const thingsOf = (map: HospitalMap, section: Section): { id: string; name: Words }[] =>
  map[section].map(({ id, name }) => ({ id, name: worded(name) }));

/** What people call it; its id where it is not on the map. */
export function nameOf(
  map: HospitalMap,
  id: string,
  sections: readonly Section[] = ['components', 'careFunctions'],
): Words {
  for (const section of sections) {
    const thing = map[section].find((one) => one.id === id);
    if (thing !== undefined) return worded(thing.name);
  }
  return { fr: id };
}
