import { qualifiedReference, referencesIn, shortReference } from '../document/reference.ts';
import type { CareFunction, Component, Contract, HospitalMap, Need, Supplier, Team, Ward, Words } from '../model.ts';

/** What a hospital prints for the hour when nothing else can be read: per care function, then whom to call. */
export interface Booklet {
  establishment: HospitalMap['establishment'];
  functions: FunctionPage[];
  suppliers: (Supplier & { contracts: Contract[]; covers: Words[] })[];
  teams: Team[];
  sites: { name: Words; wards: Ward[] }[];
  /** What nobody has confirmed, for whoever prints it. */
  toConfirm: { functions: number; links: number; withoutHold: number; withoutCall: number };
}

export interface FunctionPage {
  care: CareFunction;
  wards: Ward[];
  /** Nobody said how long a ward holds: the zero of the map is no duration. */
  isHoldSaid: boolean;
  /** What it needs first, then everything that these need, nearest first. */
  needs: { thing: Component | CareFunction; graceSeconds: number | null; isConfirmed: boolean }[];
  deeper: Component[];
  /** Whom to call for what it rests on: suppliers' names, teams' names. */
  suppliers: Supplier[];
  teams: Team[];
}

export function bookletOf(map: HospitalMap): Booklet {
  const own = map.establishment.id;
  const short = (reference: string) => shortReference(reference, own);
  const byId = <Thing extends { id: string }>(things: readonly Thing[]) =>
    new Map(things.map((thing) => [short(thing.id), thing]));
  const things = byId<Component | CareFunction>([...map.components, ...map.careFunctions]);
  const wards = byId(map.wards);
  const suppliers = byId(map.suppliers);
  const teams = byId(map.teams);
  const found = <Thing>(known: ReadonlyMap<string, Thing>, ids: readonly string[]): Thing[] =>
    ids.flatMap((id) => known.get(short(id)) ?? []);

  const page = (care: CareFunction): FunctionPage => {
    const first = care.needs === undefined ? [] : leaves(care.needs);
    const needs = first.flatMap(({ need, graceSeconds, confirmed }) => {
      const thing = things.get(short(need));
      const isConfirmed = confirmed !== undefined || care.confirmed !== undefined;
      return thing === undefined ? [] : [{ thing, graceSeconds: graceSeconds ?? null, isConfirmed }];
    });
    const direct = new Set(first.map(({ need }) => short(need)));
    const below = new Set(direct);
    for (const id of below) {
      const thing = things.get(id);
      if (thing?.needs !== undefined) for (const need of referencesIn(thing.needs)) below.add(short(need));
    }
    const components = found(things, [...below]).filter(isComponent);
    const named = (ids: (string | undefined)[]) => [...new Set(ids.filter((id) => id !== undefined))];
    return {
      care,
      wards: found(wards, care.wards),
      isHoldSaid: care.degradedMode !== undefined && !isProposed(care, 'degradedMode.holdSeconds'),
      needs,
      deeper: components.filter(({ id }) => !direct.has(short(id))),
      suppliers: found(suppliers, named(components.map(({ supplier }) => supplier))),
      teams: found(teams, named(components.map(({ team }) => team))),
    };
  };

  const functions = map.careFunctions.map(page);
  const linked = [...map.careFunctions, ...map.components];
  return {
    establishment: map.establishment,
    functions,
    suppliers: map.suppliers.map((supplier) => {
      const isIts = (reference: string | undefined) =>
        reference !== undefined && qualifiedReference(reference, own) === qualifiedReference(supplier.id, own);
      return {
        ...supplier,
        contracts: map.contracts.filter((contract) => isIts(contract.supplier)),
        covers: map.components.filter((component) => isIts(component.supplier)).map(({ name }) => name),
      };
    }),
    teams: map.teams,
    sites: map.sites.map(({ id, name }) => ({
      name,
      wards: map.wards.filter(({ site }) => short(site) === short(id)),
    })),
    toConfirm: {
      functions: map.careFunctions.filter(({ toConfirm = [] }) => toConfirm.length > 0).length,
      links: linked.reduce((sum, thing) => sum + unconfirmed(thing), 0),
      withoutHold: functions.filter(({ isHoldSaid }) => !isHoldSaid).length,
      withoutCall: map.careFunctions.filter(({ call }) => call === undefined).length,
    },
  };
}

/** Whether a field is a proposal that nobody of the hospital has confirmed. */
export const isProposed = ({ toConfirm = [] }: CareFunction, field: string): boolean =>
  toConfirm.some((one) => field === one || field.startsWith(`${one}.`));

const isComponent = (thing: Component | CareFunction): thing is Component => 'kind' in thing;

type Leaf = Extract<Need, { need: string }>;
const leaves = (need: Need): Leaf[] =>
  'need' in need ? [need] : ('all' in need ? need.all : 'any' in need ? need.any : need.of).flatMap(leaves);

/** Links nobody confirmed: those proposed, and those written that neither they nor their component's confirmation covers. */
function unconfirmed({ needs, proposed = [], confirmed }: Component | CareFunction): number {
  const written = needs === undefined || confirmed !== undefined ? [] : leaves(needs);
  return proposed.length + written.filter((link) => link.confirmed === undefined).length;
}
