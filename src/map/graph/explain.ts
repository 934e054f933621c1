import type { ComponentState } from '../model.ts';
import { atLeast, high, isLost, type Level, levelOfState, low, served } from '../needs/level.ts';
import { below, componentNode, partOf } from './graph.ts';
import { type OwnState, Propagation } from './propagation.ts';

/** Why one node is not served, in nodes of the graph. */
export interface Explanation {
  /** Failing components that alone bring it where it is; without any one of them they do not. */
  enough: readonly number[];
  /**
   * Each a set of components that would bring it back (there at least in part; whole, where it is there in part) if they alone
   * returned, none of them spare. The first few; none where no return of a component is known to help: what is unknown asks to
   * be looked at, and where hundreds fail by themselves nobody reads what to bring back first.
   */
  unless: readonly (readonly number[])[];
}

/** Ways back told: a person reads a few. */
const waysMax = 4;
/** Causes tried one by one, and returns tried first: beyond, an answer in time counts for more than the best one. */
const triesMax = 24;
/** Checks look every so often: of two things lost together, either may be seen first, and this much later. */
const togetherMs = 5 * 60_000;
/** Components failing by themselves under one thing, beyond which no way back is looked for. */
const failingMax = 200;

/** `instant` in ms, `Infinity`: in the end. Quick: only what the node hangs on is looked at. */
export function explain(propagation: Propagation, node: number, instant: number): Explanation {
  const seen = propagation.levelAt(node, instant);
  if (seen === served) return { enough: [], unless: [] };
  const trial = new Trial(propagation, node, instant);
  const isAsBad = (level: Level) => low(level) <= low(seen) && high(level) <= high(seen);
  const isBack = (level: Level) => (low(seen) > 0 ? level === served : low(level) > 0);
  const roots = trial.failing.filter((one) => !trial.isDraggedDown(one));
  const failing = isAsBad(trial.with(roots)) ? roots : trial.failing;
  if (!isAsBad(trial.with(failing))) return { enough: [], unless: [] };
  // One cause that alone suffices is what a person wants to hear; else the fewest that were found.
  const single = failing.slice(0, triesMax).find((one) => isAsBad(trial.with([one])));
  const enough =
    single === undefined ? minimal(failing, (some) => isAsBad(trial.with(some))).toSorted((a, b) => a - b) : [single];
  const isUnknown = low(seen) === 0 && !isLost(seen);
  if (isUnknown || failing.length > failingMax || !isBack(trial.with([])))
    return { enough: trial.named(enough), unless: [] };
  const ways = new Map<string, readonly number[]>();
  for (const first of [...new Set([...enough, ...failing])].slice(0, triesMax)) {
    if (ways.size >= waysMax) break;
    const others = failing.filter((one) => one !== first);
    const way = minimal([first, ...others], (some) => isBack(trial.without(failing, some)));
    const nodes = trial.named(way).toSorted((a, b) => a - b);
    ways.set(nodes.join(' '), nodes);
    // All must come back: there is no other way.
    if (nodes.length === failing.length) break;
  }
  return { enough: trial.named(enough), unless: [...ways.values()] };
}

/** The same losses, or some of them, on the part of the graph that one node hangs on. */
class Trial {
  /** Nodes of the part, of components that are not up by themselves. */
  readonly failing: readonly number[];
  readonly #nodes: readonly number[];
  readonly #part: Propagation;
  readonly #whole: Propagation;
  readonly #instant: number;
  /** The place, in the part, of the node asked about. */
  readonly #asked: number;
  readonly #own: ReadonlyMap<number, { state: ComponentState; since: number }>;
  #told = new Set<number>();

  constructor(whole: Propagation, node: number, instant: number) {
    this.#whole = whole;
    this.#instant = instant;
    this.#nodes = below(whole.graph, node);
    this.#asked = this.#nodes.indexOf(node);
    const part = partOf(whole.graph, this.#nodes);
    this.#part = new Propagation(part, 'up');
    const own = new Map<number, { state: ComponentState; since: number }>();
    this.#nodes.forEach((one, i) => {
      const told = part.kind[i] === componentNode ? whole.ownOf(one) : undefined;
      if (told !== undefined && told.state !== 'up' && told.since <= instant) own.set(i, told);
    });
    this.#own = own;
    this.failing = [...own.keys()];
  }

  named(some: readonly number[]): number[] {
    return some.map((one) => this.#nodes[one] ?? 0);
  }

  /** Lost when what it needs was: it comes back with that. Lost before, it has a reason of its own. */
  isDraggedDown(one: number): boolean {
    const { first, to, graceSeconds, atLeast: count } = this.#whole.graph;
    const node = this.#nodes[one] ?? 0;
    const from = first[node] ?? 0;
    const end = first[node + 1] ?? 0;
    const own = this.#own.get(one);
    if (from === end || own === undefined || !isLost(levelOfState(own.state))) return false;
    const instant = Math.min(this.#instant, own.since + togetherMs);
    const levels = Array.from({ length: end - from }, (_, i) =>
      this.#whole.levelAt(to[from + i] ?? 0, instant, (graceSeconds[from + i] ?? 0) * 1000),
    );
    return isLost(atLeast(count[node] ?? 0, levels));
  }

  /** The level of the node asked about, were only these failing. */
  with(some: readonly number[]): Level {
    const wanted = new Set(some);
    const changes: OwnState[] = [];
    for (const node of this.#told) if (!wanted.has(node)) changes.push({ node, state: undefined });
    for (const node of wanted) if (!this.#told.has(node)) changes.push({ node, ...(this.#own.get(node) ?? up) });
    this.#told = wanted;
    this.#part.set(changes);
    return this.#part.levelAt(this.#asked, this.#instant);
  }

  /** The same, were `back` of those failing up again. */
  without(failing: readonly number[], back: readonly number[]): Level {
    const returned = new Set(back);
    return this.with(failing.filter((one) => !returned.has(one)));
  }
}

const up = { state: 'up', since: 0 } as const;

/**
 * A smallest part of the list (no member spare) that passes, those written first being kept; the whole list passes, and what
 * passes still does with more. Each member is found by halves: few trials even of a long list.
 */
export function minimal<Thing>(list: readonly Thing[], passes: (some: readonly Thing[]) => boolean): Thing[] {
  const kept: Thing[] = [];
  let left = list;
  while (left.length > 0 && !passes(kept)) {
    let [low, high] = [1, left.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (passes([...kept, ...left.slice(0, middle)])) high = middle;
      else low = middle + 1;
    }
    kept.push(...left.slice(low - 1, low));
    left = left.slice(0, low - 1);
  }
  return kept;
}
