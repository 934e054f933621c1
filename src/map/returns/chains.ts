import type { CompiledMap } from '../compile.ts';
import { type NumberedNeed, type Skeleton, skeletonOf } from './skeleton.ts';

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

/** Lengths in seconds along the needs of everything on the map, each from what it needs to itself. */
export interface Chains {
  atLeast(id: string): number;
  /** Infinite where nobody can say. */
  atMost(id: string): number;
  /** What decides the upper bound, where there is one, else the lower; from the thing down, and adding up to it. */
  chain(id: string): Step[];
  /** Components whose own length nobody said and that keep an upper bound from being known, in the order met. */
  unsaidUnder(id: string): string[];
}

/**
 * Follows the needs from what needs nothing up to care: of a need that asks for all, the slowest; for one, the quickest; for k, the
 * k-th quickest. Members of a ring stand together, once the last of them does. `ownOf` is null where nobody said: nothing at
 * least, without an upper bound.
 */
export function chainsOf(map: CompiledMap, ownOf: (component: string) => number | null, joining: Joining): Chains {
  const skeleton = skeletonOf(map);
  const { ids, numberOf, components } = skeleton;
  const [least, most] = [new Float64Array(ids.length), new Float64Array(ids.length)];
  for (let i = 0; i < components; i += 1) {
    const own = ownOf(ids[i] ?? '');
    least[i] = own ?? 0;
    most[i] = own ?? Number.POSITIVE_INFINITY;
  }
  const low = new Bound(skeleton, least, joining);
  const high = new Bound(skeleton, most, joining);
  const number = (id: string) => numberOf.get(id) ?? -1;
  return {
    atLeast: (id) => low.lengths[number(id)] ?? 0,
    atMost: (id) => high.lengths[number(id)] ?? Number.POSITIVE_INFINITY,
    chain(id) {
      const from = number(id);
      return (high.lengths[from] === Number.POSITIVE_INFINITY ? low : high).chain(from);
    },
    unsaidUnder: (id) => high.endlessUnder(number(id)),
  };
}

/** One bound of every length: the k-th quickest of bounds is the bound of the k-th quickest. */
class Bound {
  readonly #skeleton: Skeleton;
  readonly #own: Float64Array;
  readonly #joining: Joining;
  readonly lengths: Float64Array;

  constructor(skeleton: Skeleton, own: Float64Array, joining: Joining) {
    this.#skeleton = skeleton;
    this.#own = own;
    this.#joining = joining;
    this.lengths = new Float64Array(own.length);
    let settled = none;
    for (const i of skeleton.order) {
      const ring = skeleton.rings.get(i) ?? none;
      if (ring === none) this.lengths[i] = this.#alone(i, none);
      // With its first member: all that a ring needs outside itself stands before it.
      else if (ring !== settled) this.#settle(ring);
      settled = ring;
    }
  }

  #settle(ring: ReadonlySet<number>): void {
    let whole = 0;
    for (const member of ring) whole = Math.max(whole, this.#alone(member, ring));
    for (const member of ring) this.lengths[member] = whole;
  }

  /** Of one thing, its fellows in a ring aside. */
  #alone(i: number, ring: ReadonlySet<number>): number {
    const need = this.#skeleton.needs[i];
    const below = need === undefined ? 0 : this.#awaited(need, ring);
    const own = this.#own[i] ?? 0;
    return this.#joining === 'largest' ? Math.max(own, below) : own + below;
  }

  #awaited(need: NumberedNeed, ring: ReadonlySet<number>): number {
    if (need.kind === 'one') {
      const length = ring.has(need.to) ? 0 : (this.lengths[need.to] ?? 0);
      return this.#joining === 'afterNeeds' && length <= need.graceSeconds ? 0 : length;
    }
    if (need.atLeast === need.of.length) {
      let slowest = 0;
      for (const part of need.of) slowest = Math.max(slowest, this.#awaited(part, ring));
      return slowest;
    }
    const lengths = need.of.map((part) => this.#awaited(part, ring));
    return need.atLeast === 1 ? Math.min(...lengths) : (lengths.sort((a, b) => a - b)[need.atLeast - 1] ?? 0);
  }

  chain(from: number): Step[] {
    const { ids, components, needs, rings } = this.#skeleton;
    const steps: Step[] = [];
    for (let at = from; at >= 0; ) {
      const ring = rings.get(at) ?? none;
      const whole = this.lengths[at];
      const last = [...ring].find((member) => this.#alone(member, ring) === whole) ?? at;
      if (last < components) steps.push({ component: ids[last] ?? '', with: last === at ? null : (ids[at] ?? null) });
      const need = needs[last];
      const below = need === undefined ? 0 : this.#awaited(need, ring);
      const goesOn = this.#joining === 'largest' ? below > (this.#own[last] ?? 0) : below > 0;
      at = goesOn && need !== undefined ? this.#decider(need, ring) : -1;
    }
    return steps;
  }

  /** The thing whose length is the one a need waits for. */
  #decider(need: NumberedNeed, ring: ReadonlySet<number>): number {
    let at = need;
    while (at.kind === 'group') {
      const parts = at.of.map((part) => ({ part, length: this.#awaited(part, ring) }));
      const chosen = parts.toSorted((one, other) => one.length - other.length)[at.atLeast - 1];
      if (chosen === undefined) return -1;
      at = chosen.part;
    }
    return at.to;
  }

  endlessUnder(from: number): string[] {
    const { ids, needs, rings } = this.#skeleton;
    const met = new Set([from]);
    const found: string[] = [];
    for (const i of met) {
      const ring = rings.get(i) ?? none;
      for (const member of ring) met.add(member);
      if (this.#own[i] === Number.POSITIVE_INFINITY) found.push(ids[i] ?? '');
      const need = needs[i];
      if (need !== undefined) this.#meetEndless(need, ring, met);
    }
    return found;
  }

  #meetEndless(need: NumberedNeed, ring: ReadonlySet<number>, met: Set<number>): void {
    if (this.#awaited(need, ring) < Number.POSITIVE_INFINITY) return;
    if (need.kind === 'one') met.add(need.to);
    else for (const part of need.of) this.#meetEndless(part, ring, met);
  }
}

const none: ReadonlySet<number> = new Set();
