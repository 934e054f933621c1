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

type Write = (reference: string) => string;

function rewrittenNeed(need: Need, write: Write): Need {
  const each = (list: Need[]) => list.map((part) => rewrittenNeed(part, write));
  if ('all' in need) return { all: each(need.all) };
  if ('any' in need) return { any: each(need.any) };
  if ('of' in need) return { atLeast: need.atLeast, of: each(need.of) };
  return { ...need, need: write(need.need) };
}

function links(thing: { needs?: Need | undefined; proposed?: ProposedLink[] | undefined }, write: Write) {
  return {
    ...(thing.needs === undefined ? {} : { needs: rewrittenNeed(thing.needs, write) }),
    ...(thing.proposed === undefined
      ? {}
      : { proposed: thing.proposed.map((link) => ({ ...link, need: write(link.need) })) }),
  };
}

/** Documents known to be short already: a large map is asked of after each edit. */
const short = new WeakSet<HospitalMap>();

/** The document with one way to write each reference, so that the same map always has the same hash; itself where it has. */
export function withShortReferences(map: HospitalMap): HospitalMap {
  if (short.has(map)) return map;
  let isLong = false;
  const shortened = rewritten(map, (reference) => {
    const written = shortReference(reference, map.establishment.id);
    isLong ||= written !== reference;
    return written;
  });
  const document = isLong ? shortened : map;
  short.add(document);
  return document;
}

/** Changes of a short document that are short leave it so. */
export function staysShort(before: HospitalMap, after: HospitalMap): void {
  if (short.has(before)) short.add(after);
}

/** The document as others may read it beside theirs: every reference with its owner. */
export const withWholeReferences = (map: HospitalMap): HospitalMap =>
  rewritten(map, (reference) => qualifiedReference(reference, map.establishment.id));

function rewritten(map: HospitalMap, write: Write): HospitalMap {
  const { reflexe } = map.establishment;
  return {
    ...map,
    ...(reflexe === undefined ? {} : { establishment: { ...map.establishment, reflexe: write(reflexe) } }),
    sites: map.sites.map((site) => ({ ...site, id: write(site.id) })),
    wards: map.wards.map((ward) => ({
      ...ward,
      id: write(ward.id),
      site: write(ward.site),
      accessPoints: ward.accessPoints.map(write),
    })),
    suppliers: map.suppliers.map((supplier) => ({
      ...supplier,
      id: write(supplier.id),
      ...(supplier.reliesOn === undefined ? {} : { reliesOn: supplier.reliesOn.map(write) }),
    })),
    contracts: map.contracts.map((contract) => ({
      ...contract,
      id: write(contract.id),
      supplier: write(contract.supplier),
      covers: contract.covers.map(write),
    })),
    teams: map.teams.map((team) => ({ ...team, id: write(team.id) })),
    careFunctions: map.careFunctions.map((care) => ({
      ...care,
      id: write(care.id),
      wards: care.wards.map(write),
      ...(care.partOf === undefined ? {} : { partOf: write(care.partOf) }),
      ...links(care, write),
    })),
    components: map.components.map((component) => ({
      ...component,
      id: write(component.id),
      ...(component.site === undefined ? {} : { site: write(component.site) }),
      ...(component.supplier === undefined ? {} : { supplier: write(component.supplier) }),
      ...(component.team === undefined ? {} : { team: write(component.team) }),
      ...links(component, write),
    })),
    startTogether: map.startTogether.map((group) => ({
      ...group,
      id: write(group.id),
      members: group.members.map(write),
    })),
  };
}
