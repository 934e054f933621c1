import type { HospitalMap, Need, ProposedLink } from '../model.ts';

/** A reference as this establishment writes it: its own things bare, another owner's as `owner:id`. */
export function shortReference(reference: string, establishment: string): string {
  return reference.startsWith(`${establishment}:`) ? reference.slice(establishment.length + 1) : reference;
}

/** The same thing, as anyone writes it: always `owner:id`. */
export function qualifiedReference(reference: string, establishment: string): string {
  return reference.includes(':') ? reference : `${establishment}:${reference}`;
}

/** Every reference of a need, in the order written. */
export function* referencesIn(need: Need): Generator<string> {
  if ('need' in need) {
    yield need.need;
    return;
  }
  for (const part of 'all' in need ? need.all : 'any' in need ? need.any : need.of) yield* referencesIn(part);
}

function shortNeed(need: Need, establishment: string): Need {
  const each = (list: Need[]) => list.map((part) => shortNeed(part, establishment));
  if ('all' in need) return { all: each(need.all) };
  if ('any' in need) return { any: each(need.any) };
  if ('of' in need) return { atLeast: need.atLeast, of: each(need.of) };
  return { ...need, need: shortReference(need.need, establishment) };
}

function shortLinks(thing: { needs?: Need | undefined; proposed?: ProposedLink[] | undefined }, own: string) {
  return {
    ...(thing.needs === undefined ? {} : { needs: shortNeed(thing.needs, own) }),
    ...(thing.proposed === undefined
      ? {}
      : { proposed: thing.proposed.map((link) => ({ ...link, need: shortReference(link.need, own) })) }),
  };
}

/** The document with one way to write each reference, so that the same map always has the same hash. */
export function withShortReferences(map: HospitalMap): HospitalMap {
  const own = map.establishment.id;
  const short = (reference: string) => shortReference(reference, own);
  const { reflexe } = map.establishment;
  return {
    ...map,
    ...(reflexe === undefined ? {} : { establishment: { ...map.establishment, reflexe: short(reflexe) } }),
    sites: map.sites.map((site) => ({ ...site, id: short(site.id) })),
    wards: map.wards.map((ward) => ({
      ...ward,
      id: short(ward.id),
      site: short(ward.site),
      accessPoints: ward.accessPoints.map(short),
    })),
    suppliers: map.suppliers.map((supplier) => ({
      ...supplier,
      id: short(supplier.id),
      ...(supplier.reliesOn === undefined ? {} : { reliesOn: supplier.reliesOn.map(short) }),
    })),
    contracts: map.contracts.map((contract) => ({
      ...contract,
      id: short(contract.id),
      supplier: short(contract.supplier),
      covers: contract.covers.map(short),
    })),
    teams: map.teams.map((team) => ({ ...team, id: short(team.id) })),
    careFunctions: map.careFunctions.map((care) => ({
      ...care,
      id: short(care.id),
      wards: care.wards.map(short),
      ...(care.partOf === undefined ? {} : { partOf: short(care.partOf) }),
      ...shortLinks(care, own),
    })),
    components: map.components.map((component) => ({
      ...component,
      id: short(component.id),
      ...(component.site === undefined ? {} : { site: short(component.site) }),
      ...(component.supplier === undefined ? {} : { supplier: short(component.supplier) }),
      ...(component.team === undefined ? {} : { team: short(component.team) }),
      ...shortLinks(component, own),
    })),
    startTogether: map.startTogether.map((group) => ({
      ...group,
      id: short(group.id),
      members: group.members.map(short),
    })),
  };
}
