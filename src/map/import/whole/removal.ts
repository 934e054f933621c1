import { type Section, sections, type Thing } from '../../change/change.ts';
import { type Key, keyOf, namedBy, thingsOf } from '../../change/references.ts';
import type { HospitalMap } from '../../model.ts';
import { isConfirmed } from '../needs.ts';

/** A thing of the map that a file which holds all does not have. */
export interface Untold {
  section: Section;
  thing: Thing;
  /** Why it stays unless a person chooses. */
  because?: 'confirmed' | 'still-used';
  usedBy: string[];
}

/** `isChosen`: a person said that it goes all the same. */
export function untoldOf(
  map: HospitalMap,
  isUntold: (section: Section, id: string) => boolean,
  isChosen: (section: Section, id: string) => boolean,
): Untold[] {
  const users = new Map<Key, { key: Key; id: string }[]>();
  for (const [section, thing] of thingsOf(map))
    for (const named of namedBy(section, thing)) {
      const list = users.get(named) ?? [];
      if (list.length === 0) users.set(named, list);
      list.push({ key: keyOf(section, thing.id), id: thing.id });
    }
  const untold = sections.flatMap((section) =>
    map[section].flatMap((thing: Thing) => (isUntold(section, thing.id) ? [{ section, thing }] : [])),
  );
  const leaving = new Set(untold.map(({ section, thing }) => keyOf(section, thing.id)));
  const stays = new Map<Key, Untold['because']>();
  const stay = (because: NonNullable<Untold['because']>, does: (key: Key, thing: Thing) => boolean) => {
    for (const { section, thing } of untold) {
      const key = keyOf(section, thing.id);
      if (!stays.has(key) && !isChosen(section, thing.id) && does(key, thing)) stays.set(key, because);
    }
  };
  const usersLeft = (key: Key) =>
    (users.get(key) ?? []).filter((user) => !leaving.has(user.key) || stays.has(user.key));
  stay('confirmed', (_, thing) => isPersons(thing));
  // What stays keeps what it names: until nothing more stays.
  for (let before = -1; before !== stays.size; ) {
    before = stays.size;
    stay('still-used', (key) => usersLeft(key).length > 0);
  }
  return untold.map((one) => {
    const key = keyOf(one.section, one.thing.id);
    const because = stays.get(key);
    const usedBy = [...new Set(usersLeft(key).map(({ id }) => id))];
    return { ...one, usedBy, ...(because === undefined ? {} : { because }) };
  });
}

const isPersons = (thing: Thing): boolean =>
  ('confirmed' in thing && thing.confirmed !== undefined) ||
  ('signedBy' in thing && thing.signedBy !== undefined) ||
  ('needs' in thing && thing.needs !== undefined && isConfirmed(thing.needs));
