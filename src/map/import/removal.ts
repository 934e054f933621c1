import { referencesIn } from '../document/reference.ts';
import type { Component, HospitalMap, Need } from '../model.ts';
import { isConfirmed, without } from './needs.ts';

/** A thing that its tool does not tell of any more. */
export interface Gone {
  component: Component;
  /** Why it stays unless a person chooses: its links were confirmed, or something that stays needs it. */
  because?: 'confirmed' | 'still-used';
  usedBy: string[];
}

/** What a tool told of before, does not any more, and on what of the map it is still relied. */
export function gone(map: HospitalMap, components: readonly Component[], chosen: (id: string) => boolean): Gone[] {
  const users = usersOf(map);
  const leaving = new Set(components.map(({ id }) => id));
  const stays = new Map<string, Gone['because']>();
  const isPersons = (one: Component) =>
    one.confirmed !== undefined || (one.needs !== undefined && isConfirmed(one.needs));
  for (const one of components) if (isPersons(one) && !chosen(one.id)) stays.set(one.id, 'confirmed');
  // What stays keeps what it needs: until nothing more stays.
  for (let before = -1; before !== stays.size; ) {
    before = stays.size;
    for (const { id } of components) {
      if (stays.has(id) || chosen(id)) continue;
      if ((users.get(id) ?? []).some((user) => !leaving.has(user) || stays.has(user))) stays.set(id, 'still-used');
    }
  }
  return components.map((component) => {
    const because = stays.get(component.id);
    const usedBy = (users.get(component.id) ?? []).filter((user) => !leaving.has(user) || stays.has(user));
    return { component, usedBy, ...(because === undefined ? {} : { because }) };
  });
}

/** For each component, the ids of what names it: whatever is proposed only counts for nothing. */
function usersOf(map: HospitalMap): Map<string, string[]> {
  const users = new Map<string, string[]>();
  const use = (id: string, by: string) => {
    const list = users.get(id);
    if (list === undefined) users.set(id, [by]);
    else list.push(by);
  };
  for (const { id, needs } of [...map.components, ...map.careFunctions]) {
    for (const need of needs === undefined ? [] : new Set(referencesIn(needs))) use(need, id);
  }
  for (const { id, accessPoints } of map.wards) for (const point of accessPoints) use(point, id);
  for (const { id, covers } of map.contracts) for (const one of covers) use(one, id);
  for (const { id, members } of map.startTogether) for (const one of members) use(one, id);
  return users;
}

/** The map without some components, nor any link to them. */
export function withoutComponents(map: HospitalMap, ids: ReadonlySet<string>): HospitalMap {
  if (ids.size === 0) return map;
  const list = (all: readonly string[]) => all.filter((id) => !ids.has(id));
  const links = <Thing extends HospitalMap['components'][number] | HospitalMap['careFunctions'][number]>(
    thing: Thing,
  ): Thing => {
    const { needs, proposed, ...rest } = thing;
    const left = needs === undefined ? undefined : cut(needs, ids);
    const open = proposed?.filter(({ need }) => !ids.has(need)) ?? [];
    // The same thing with fewer links.
    return {
      ...rest,
      ...(left === undefined ? {} : { needs: left }),
      ...(open.length === 0 ? {} : { proposed: open }),
    } as unknown as Thing;
  };
  const isTouched = ({
    needs,
    proposed,
  }: {
    needs?: Need | undefined;
    proposed?: readonly { need: string }[] | undefined;
  }) =>
    (needs !== undefined && [...referencesIn(needs)].some((id) => ids.has(id))) ||
    (proposed?.some(({ need }) => ids.has(need)) ?? false);
  return {
    ...map,
    components: map.components.filter(({ id }) => !ids.has(id)).map((one) => (isTouched(one) ? links(one) : one)),
    careFunctions: map.careFunctions.map((one) => (isTouched(one) ? links(one) : one)),
    wards: map.wards.map((ward) => ({ ...ward, accessPoints: list(ward.accessPoints) })),
    contracts: map.contracts.map((contract) => ({ ...contract, covers: list(contract.covers) })),
    // Together means two at least.
    startTogether: map.startTogether
      .map((group) => ({ ...group, members: list(group.members) }))
      .filter(({ members }) => members.length > 1),
  };
}

function cut(need: Need, ids: ReadonlySet<string>): Need | undefined {
  let left: Need | undefined = need;
  for (const id of new Set(referencesIn(need))) if (ids.has(id) && left !== undefined) left = without(left, id);
  return left;
}
