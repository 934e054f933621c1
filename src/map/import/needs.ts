import { canonical } from '../../journal/canonical.ts';
import { referencesIn } from '../document/reference.ts';
import type { Need, ProposedLink } from '../model.ts';

/** The links that must all hold: `[a, {any: [b, c]}]` is two of them. */
export const conjuncts = (need: Need): Need[] => ('all' in need ? need.all.flatMap(conjuncts) : [need]);

/** All of them, as short as can be; undefined: nothing. */
export function together(parts: readonly Need[]): Need | undefined {
  const [first, ...others] = parts;
  return first === undefined || others.length === 0 ? first : { all: [...parts] };
}

/** Two ways to write one need: who confirmed it and for how long one goes on without it left aside. */
export const sameNeed = (one: Need, other: Need): boolean => shapeOf(one) === shapeOf(other);

function shapeOf(need: Need): string {
  const each = (list: readonly Need[]) => list.map(shapeOf).sort();
  if ('need' in need) return need.need;
  if ('all' in need) return canonical(['all', ...each(need.all.flatMap(conjuncts))]);
  if ('any' in need) return canonical(['any', ...each(need.any)]);
  return canonical([String(need.atLeast), ...each(need.of)]);
}

export const isConfirmed = (need: Need): boolean =>
  'need' in need
    ? need.confirmed !== undefined
    : ('all' in need ? need.all : 'any' in need ? need.any : need.of).some(isConfirmed);

/** The need with other references; a part whose reference leads nowhere is left out. */
export function mapped(need: Need, to: (reference: string) => string | undefined): Need | undefined {
  const each = (list: readonly Need[]) => list.flatMap((part) => mapped(part, to) ?? []);
  if ('need' in need) {
    const reference = to(need.need);
    return reference === undefined ? undefined : { ...need, need: reference };
  }
  const parts = each('all' in need ? need.all : 'any' in need ? need.any : need.of);
  if (parts.length === 0) return undefined;
  if ('all' in need) return together(parts);
  if ('any' in need) return parts.length === 1 ? parts[0] : { any: parts };
  // Fewer are left to choose from: as many as can be are asked for, no more.
  return { atLeast: Math.min(need.atLeast, parts.length), of: parts };
}

export const without = (need: Need, reference: string): Need | undefined =>
  mapped(need, (one) => (one === reference ? undefined : one));

const touches = (need: Need, references: ReadonlySet<string>): boolean =>
  [...referencesIn(need)].some((reference) => references.has(reference));

/** What became of the links of one thing. `there`: what they are if the tool is followed. */
export type Outcome = { is: 'same' } | { is: 'changed'; to: Need | undefined } | { is: 'conflict'; there: Need };

/**
 * The links of one thing with what a tool tells of them. A link that the tool adds is added, one that it dropped goes, and those
 * it never spoke of stay; where a person confirmed or rearranged what the tool says otherwise, nothing changes but by a person.
 * `last`: what the tool said last time.
 */
export function mergedNeeds(now: Need | undefined, told: Need, last: Need | undefined, confirmed: boolean): Outcome {
  const here = now === undefined ? [] : conjuncts(now);
  const said = last === undefined ? [] : conjuncts(last);
  const has = (list: readonly Need[], part: Need) => list.some((one) => sameNeed(one, part));
  const known = new Set(now === undefined ? [] : referencesIn(now));
  const missing = conjuncts(told).filter((part) => !has(here, part));
  const dropped = here.filter((part) => has(said, part) && !has(conjuncts(told), part));
  if (missing.length === 0 && dropped.length === 0) return { is: 'same' };
  const toldOf = new Set(referencesIn(told));
  // Followed, the tool's word replaces all that touches the same things.
  const stays = here.filter(
    (part) => !dropped.includes(part) && (has(conjuncts(told), part) || !touches(part, toldOf)),
  );
  const followed = together([...stays, ...missing.map((part) => graced(part, here))]);
  const removedByPerson = missing.some((part) => has(said, part));
  const rearranged = here.some(
    (part) => !has(conjuncts(told), part) && !dropped.includes(part) && touches(part, toldOf),
  );
  const unsure = missing.some((part) => touches(part, known)) && rearranged;
  if (confirmed || removedByPerson || unsure || dropped.some(isConfirmed))
    return { is: 'conflict', there: followed ?? told };
  return { is: 'changed', to: followed };
}

/** A link of the tool keeps the grace and the confirmation that the same link has. */
function graced(part: Need, here: readonly Need[]): Need {
  const leaves = new Map<string, Need>();
  const gather = (need: Need): void => {
    if ('need' in need) leaves.set(need.need, need);
    else ('all' in need ? need.all : 'any' in need ? need.any : need.of).forEach(gather);
  };
  here.forEach(gather);
  const kept = (need: Need): Need => {
    if ('need' in need) return { ...leaves.get(need.need), ...need };
    if ('all' in need) return { all: need.all.map(kept) };
    if ('any' in need) return { any: need.any.map(kept) };
    return { ...need, of: need.of.map(kept) };
  };
  return kept(part);
}

/** Proposals that are new: neither on the map as a need or a proposal, nor made before and taken off by a person. */
export function newProposals(
  told: readonly ProposedLink[],
  thing: { needs?: Need | undefined; proposed?: readonly ProposedLink[] | undefined },
  last: readonly ProposedLink[],
): ProposedLink[] {
  const known = new Set([
    ...(thing.needs === undefined ? [] : referencesIn(thing.needs)),
    ...(thing.proposed ?? []).map(({ need }) => need),
    ...last.map(({ need }) => need),
  ]);
  return told.filter(({ need }) => !known.has(need));
}
