import { type ComponentState, componentStates } from '../model.ts';
import { type Level, level } from '../needs/level.ts';
import { Dirty } from './dirty.ts';
import { careNode, componentNode, type Graph } from './graph.ts';

/** A component's own state, from an instant on (ms); before, it was up. `undefined`: nothing is told of it. */
export interface OwnState {
  node: number;
  state: ComponentState | undefined;
  /** By default 0. */
  since?: number | undefined;
}

const code = (state: ComponentState): number => componentStates.indexOf(state) + 1;
const [upState, degradedState, unknownState] = [code('up'), code('degraded'), code('unknown')];
const always = Number.NEGATIVE_INFINITY;
const never = Number.POSITIVE_INFINITY;

/**
 * The level of every node as a function of time, kept up to date as components change. What is only lost, never returned
 * to, is a falling staircase: four instants (ms) say all of it, from when on it is surely not whole, surely not there,
 * possibly not whole, possibly not there, in the words of `needs/level.ts`:
 * `[low < 2, low < 1, high < 2, high < 1]`. At least k of n is the k-th latest of each; a grace puts it off by as much.
 */
export class Propagation {
  readonly graph: Graph;
  /** State of a component of which nothing is told. */
  readonly #untold: number;
  readonly #limits: Float64Array;
  /** Index of the state plus one; 0: nothing told. */
  readonly #state: Uint8Array;
  readonly #since: Float64Array;
  readonly #dirty: Dirty;
  readonly #next = new Float64Array(4);
  #sorted = new Float64Array(16);

  /** `missing`: what a component is of which nothing is told. */
  constructor(graph: Graph, missing: 'up' | 'unknown') {
    this.graph = graph;
    this.#untold = code(missing);
    this.#limits = new Float64Array(4 * graph.size).fill(Number.NaN);
    this.#state = new Uint8Array(graph.size);
    this.#since = new Float64Array(graph.size);
    this.#dirty = new Dirty(graph.size);
    this.recompute();
  }

  /** Tells what components are, all at once; counts the nodes whose level it changed, now or later. */
  set(changes: Iterable<OwnState>): number {
    for (const { node, state, since } of changes) {
      if (this.graph.kind[node] !== componentNode) continue;
      this.#state[node] = state === undefined ? 0 : code(state);
      this.#since[node] = since ?? 0;
      this.#dirty.add(node);
    }
    return this.#settle();
  }

  /** Everything from nothing: what a change need not do. */
  recompute(): void {
    for (let node = 0; node < this.graph.size; node += 1) this.#dirty.add(node);
    this.#settle();
  }

  /** Its own state; `undefined` where nothing is told and nothing said means up. */
  ownOf(node: number): { state: ComponentState; since: number } | undefined {
    const state = this.#told(node);
    if (state !== undefined) return { state, since: this.#since[node] ?? 0 };
    return this.#untold === unknownState ? { state: 'unknown', since: always } : undefined;
  }

  #told(node: number): ComponentState | undefined {
    return componentStates[(this.#state[node] ?? 0) - 1];
  }

  /** One of the four instants of a node (ms, infinite where never or always). */
  limit(node: number, which: 0 | 1 | 2 | 3): number {
    return this.#limits[4 * node + which] ?? never;
  }

  /** What a need with a grace sees of `node` at an instant; `Infinity`: in the end. */
  levelAt(node: number, instant: number, graceMs = 0): Level {
    const holds = (which: 0 | 1 | 2 | 3) => {
      const limit = this.limit(node, which);
      return limit === never || instant < limit + graceMs ? 1 : 0;
    };
    return level(holds(0) + holds(1), holds(2) + holds(3));
  }

  #settle(): number {
    let changed = 0;
    for (let node = this.#dirty.take(); node >= 0; node = this.#dirty.take()) {
      const first = this.graph.ring[node] ?? node;
      if (first !== node || this.graph.ring[node + 1] === node) changed += this.#settleRing(first);
      else if (this.#keep(node)) {
        changed += 1;
        this.#tellUsers(node, node);
      }
    }
    return changed;
  }

  /** Puts what is computed for a node in its place; false where nothing changes. */
  #keep(node: number): boolean {
    this.#compute(node);
    const limits = this.#limits;
    const at = 4 * node;
    const [a, b, c, d] = [
      this.#next[0] ?? never,
      this.#next[1] ?? never,
      this.#next[2] ?? never,
      this.#next[3] ?? never,
    ];
    if (limits[at] === a && limits[at + 1] === b && limits[at + 2] === c && limits[at + 3] === d) return false;
    limits[at] = a;
    limits[at + 1] = b;
    limits[at + 2] = c;
    limits[at + 3] = d;
    return true;
  }

  /** All but those up to `last`, which are settled with it. */
  #tellUsers(node: number, last: number): void {
    const { firstUser, users } = this.graph;
    for (let i = firstUser[node] ?? 0; i < (firstUser[node + 1] ?? 0); i += 1) {
      const user = users[i] ?? 0;
      if (user > last) this.#dirty.add(user);
    }
  }

  /**
   * Things that need one another are there unless something else takes one away: from all being there, down to what
   * agrees. It ends, for every turn only brings losses forward, to instants that something outside gives, graces added.
   */
  #settleRing(first: number): number {
    const { ring, size } = this.graph;
    let end = first + 1;
    while (end < size && ring[end] === first) end += 1;
    const before = this.#limits.slice(4 * first, 4 * end);
    this.#limits.fill(never, 4 * first, 4 * end);
    for (let node = first; node < end; node += 1) this.#dirty.remove(node);
    for (let isMoving = true; isMoving; ) {
      isMoving = false;
      for (let node = first; node < end; node += 1) isMoving = this.#keep(node) || isMoving;
    }
    let changed = 0;
    for (let node = first; node < end; node += 1) {
      const at = 4 * (node - first);
      if ([0, 1, 2, 3].every((which) => before[at + which] === this.#limits[4 * node + which])) continue;
      changed += 1;
      this.#tellUsers(node, end - 1);
    }
    return changed;
  }

  /** The four instants of a node from those of what it needs, in `#next`. */
  #compute(node: number): void {
    const { first, kind, atLeast } = this.graph;
    const next = this.#next;
    const from = first[node] ?? 0;
    const end = first[node + 1] ?? 0;
    if (from < end) this.#ofNeeds(from, end, atLeast[node] ?? 0);
    else {
      // Nobody said what this care depends on: never shown as fine.
      next[0] = next[1] = kind[node] === careNode ? always : never;
      next[2] = next[3] = never;
    }
    if (kind[node] === componentNode) this.#underNeeds(node, from < end);
  }

  /** A component's own state, under its needs as `#next` has them (`underNeeds` of `needs/level.ts`, instant by instant). */
  #underNeeds(node: number, hasNeeds: boolean): void {
    const next = this.#next;
    // Seen up, it proves that needs nobody watches are met; a need known to be lost takes it down.
    const whole = hasNeeds ? (next[2] ?? never) : never;
    const part = hasNeeds ? (next[3] ?? never) : never;
    const state = this.#state[node] ?? 0;
    const since = state === 0 ? always : (this.#since[node] ?? 0);
    const own = state === 0 ? this.#untold : state;
    next[0] = own === upState ? whole : Math.min(since, whole);
    next[1] = own === upState || own === degradedState ? part : Math.min(since, part);
    next[2] = own === upState || own === unknownState ? whole : Math.min(since, whole);
    next[3] = own === upState || own === unknownState || own === degradedState ? part : Math.min(since, part);
  }

  /** The k-th latest of each of the four instants, graces added. */
  #ofNeeds(from: number, end: number, k: number): void {
    const count = end - from;
    if (k === count) this.#earliest(from, end);
    else if (k === 1) this.#latest(from, end);
    else {
      if (this.#sorted.length < count) this.#sorted = new Float64Array(2 * count);
      const sorted = this.#sorted.subarray(0, count);
      for (let which = 0; which < 4; which += 1) {
        for (let edge = from; edge < end; edge += 1) sorted[edge - from] = this.#seen(edge, which);
        this.#next[which] = sorted.sort()[count - k] ?? always;
      }
    }
  }

  #seen(edge: number, which: number): number {
    const { to, graceSeconds } = this.graph;
    return (this.#limits[4 * (to[edge] ?? 0) + which] ?? never) + (graceSeconds[edge] ?? 0) * 1000;
  }

  /** Of all: written out, for most needs of most maps are of this kind. */
  #earliest(from: number, end: number): void {
    const { to, graceSeconds } = this.graph;
    const limits = this.#limits;
    let [a, b, c, d] = [never, never, never, never];
    for (let edge = from; edge < end; edge += 1) {
      const at = 4 * (to[edge] ?? 0);
      const grace = (graceSeconds[edge] ?? 0) * 1000;
      a = Math.min(a, (limits[at] ?? never) + grace);
      b = Math.min(b, (limits[at + 1] ?? never) + grace);
      c = Math.min(c, (limits[at + 2] ?? never) + grace);
      d = Math.min(d, (limits[at + 3] ?? never) + grace);
    }
    this.#put(a, b, c, d);
  }

  #latest(from: number, end: number): void {
    const { to, graceSeconds } = this.graph;
    const limits = this.#limits;
    let [a, b, c, d] = [always, always, always, always];
    for (let edge = from; edge < end; edge += 1) {
      const at = 4 * (to[edge] ?? 0);
      const grace = (graceSeconds[edge] ?? 0) * 1000;
      a = Math.max(a, (limits[at] ?? never) + grace);
      b = Math.max(b, (limits[at + 1] ?? never) + grace);
      c = Math.max(c, (limits[at + 2] ?? never) + grace);
      d = Math.max(d, (limits[at + 3] ?? never) + grace);
    }
    this.#put(a, b, c, d);
  }

  #put(a: number, b: number, c: number, d: number): void {
    const next = this.#next;
    next[0] = a;
    next[1] = b;
    next[2] = c;
    next[3] = d;
  }
}
