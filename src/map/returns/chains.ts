import type { CompiledLeaf, CompiledMap, CompiledNeed } from '../compile.ts';
import { neededFirstGroups } from '../document/cycles.ts';

/** What is known of a length, in seconds: at least `low`, at most `high`; infinite where nobody can say. */
export interface Span {
  low: number;
  high: number;
}

export const nothing: Span = { low: 0, high: 0 };
export const unsaid: Span = { low: 0, high: Number.POSITIVE_INFINITY };

/**
 * How a component's own length and those of its needs make one.
 * `afterNeeds`: it begins once all it needs is there, so its own comes on top of the slowest need it must wait for; a need
 * that is back within its grace holds nobody up. `largest`: the largest alone counts.
 */
export type Joining = 'afterNeeds' | 'largest';

/** One component on the chain that decides; `with`: the one through which the chain reached the ring they start in together. */
export interface Step {
  component: string;
  with: string | null;
}

/** Lengths along the needs of everything on the map, each from what it needs to itself. */
export interface Chains {
  of(id: string): Span;
  /** What decides that bound, from the thing down; adds up to it. */
  chain(id: string, bound: keyof Span): Step[];
  /** Components whose own length nobody said and that are in the way of an upper bound, in the order met. */
  unsaidUnder(id: string): string[];
}

/**
 * Follows the needs from what needs nothing up to care: of a need that asks for all, the slowest; for one, the quickest; for k, the
 * k-th quickest. Members of a ring stand together, once the last of them does. Own lengths are asked once each.
 */
export function chainsOf(map: CompiledMap, ownOf: (component: string) => Span, joining: Joining): Chains {
  const own = new Map<string, Span>();
  for (const id of map.components.keys()) own.set(id, ownOf(id));
  const mine = (id: string): Span => own.get(id) ?? nothing;
  const spans = new Map<string, Span>();
  const rings = new Map<string, Ring>();
  const join = joining === 'largest' ? Math.max : (one: number, below: number) => one + below;

  const seen = (need: CompiledNeed, ring: Ring): Span => {
    if (need.kind === 'group')
      return kth(
        need.of.map((part) => seen(part, ring)),
        need.atLeast,
      );
    if (ring.has(need.to)) return nothing;
    const span = spans.get(need.to) ?? unsaid;
    return joining === 'largest' || need.graceSeconds === 0 ? span : awaited(span, need.graceSeconds);
  };
  const alone = (id: string, ring: Ring): Span => {
    const need = map.needs.get(id);
    const below = need === undefined ? nothing : seen(need, ring);
    return { low: join(mine(id).low, below.low), high: join(mine(id).high, below.high) };
  };
  for (const group of groupsOf(map)) {
    const ring = group.length > 1 ? new Set(group) : none;
    let together = nothing;
    for (const id of group) {
      const one = alone(id, ring);
      together = { low: Math.max(together.low, one.low), high: Math.max(together.high, one.high) };
    }
    for (const id of group) {
      spans.set(id, together);
      if (ring !== none) rings.set(id, ring);
    }
  }

  const ringOf = (id: string): Ring => rings.get(id) ?? none;
  const lastOf = (id: string, ring: Ring, bound: keyof Span): string => {
    const whole = spans.get(id)?.[bound] ?? 0;
    return [...ring].find((member) => alone(member, ring)[bound] === whole) ?? id;
  };
  const chain = (from: string, bound: keyof Span): Step[] => {
    const steps: Step[] = [];
    for (let at: string | undefined = from; at !== undefined; ) {
      const ring = ringOf(at);
      const last = lastOf(at, ring, bound);
      if (map.components.has(last)) steps.push({ component: last, with: last === at ? null : at });
      const need = map.needs.get(last);
      const next = need === undefined ? undefined : decider(need, bound, (part) => seen(part, ring));
      const length = next === undefined ? 0 : seen(next, ring)[bound];
      const goesOn: boolean = joining === 'largest' ? length > mine(last)[bound] : length > 0;
      at = goesOn ? next?.to : undefined;
    }
    return steps;
  };
  const unsaidUnder = (from: string): string[] => {
    const met = new Set([from]);
    const found: string[] = [];
    for (const id of met) {
      const ring = ringOf(id);
      for (const member of ring) met.add(member);
      if (mine(id).high === Number.POSITIVE_INFINITY) found.push(id);
      const need = map.needs.get(id);
      if (need !== undefined) for (const to of openLeaves(need, (part) => seen(part, ring).high)) met.add(to);
    }
    return found;
  };
  return { of: (id) => spans.get(id) ?? unsaid, chain, unsaidUnder };
}

type Ring = ReadonlySet<string>;
const none: Ring = new Set();

/** Without declared rings the map's own order will do. */
const groupsOf = (map: CompiledMap): Iterable<readonly string[]> =>
  map.document.startTogether.length === 0
    ? map.order.map((id) => [id])
    : neededFirstGroups([...map.components.keys(), ...map.careFunctions.keys()], map.dependsOn);

/** A need that is back before its grace has run out was never felt. */
const awaited = ({ low, high }: Span, graceSeconds: number): Span => ({
  low: low <= graceSeconds ? 0 : low,
  high: high <= graceSeconds ? 0 : high,
});

/** The k-th quickest, each bound by itself. */
function kth(spans: readonly Span[], k: number): Span {
  if (k === spans.length) {
    let [low, high] = [0, 0];
    for (const span of spans) [low, high] = [Math.max(low, span.low), Math.max(high, span.high)];
    return { low, high };
  }
  const at = (bound: keyof Span) => spans.map((span) => span[bound]).toSorted((one, other) => one - other)[k - 1] ?? 0;
  return { low: at('low'), high: at('high') };
}

/** The need whose length is the one its group waits for. */
function decider(need: CompiledNeed, bound: keyof Span, seen: (need: CompiledNeed) => Span): CompiledLeaf | undefined {
  let at = need;
  while (at.kind === 'group') {
    const group = at;
    const lengths = group.of.map((part) => ({ part, length: seen(part)[bound] }));
    const chosen = lengths.toSorted((one, other) => one.length - other.length)[group.atLeast - 1];
    if (chosen === undefined) return undefined;
    at = chosen.part;
  }
  return at;
}

function openLeaves(need: CompiledNeed, high: (need: CompiledNeed) => number): string[] {
  if (high(need) < Number.POSITIVE_INFINITY) return [];
  return need.kind === 'one' ? [need.to] : need.of.flatMap((part) => openLeaves(part, high));
}
