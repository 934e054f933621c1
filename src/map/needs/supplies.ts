import { type CompiledLeaf, type CompiledMap, type CompiledNeed, leavesOf } from '../compile.ts';
import type { ComponentState } from '../model.ts';
import { atLeast, type Level, levelOfState, served, underNeeds, unknown } from './level.ts';
import { carried, constant, levelAt, pointwise, type Signal, SignalBuilder, sameSignal } from './signal.ts';

/** What was seen of one component, oldest first; `at` in ms. Before the first, and where nothing was seen, `missing` holds. */
export type History = readonly { at: number; to: ComponentState }[];

/** The supply of everything on the map as a function of time, expiries of graces to come included. */
export interface Supplies {
  map: CompiledMap;
  /** What is left of a component under its needs; of a care function, which is never seen itself, what its needs say. */
  of(id: string): Signal;
  /** What a component itself was seen in, its needs aside. */
  ownAt(id: string, instant: number): Level;
  /** What a need sees at an instant, its grace included. */
  needAt(need: CompiledNeed, instant: number): Level;
}

/**
 * Follows the needs from what needs nothing up to care.
 * `missing`: 'up' for a what-if, where only what is said is lost; 'unknown' for the live hospital.
 */
export function suppliesOver(
  map: CompiledMap,
  histories: ReadonlyMap<string, History>,
  missing: 'up' | 'unknown',
): Supplies {
  const untold = constant(levelOfState(missing));
  const all = new Map<string, Signal>();
  const graced = new Map<CompiledLeaf, Signal>();

  const seenBy = (leaf: CompiledLeaf): Signal => graced.get(leaf) ?? all.get(leaf.to) ?? untold;
  const needSignal = (need: CompiledNeed): Signal =>
    need.kind === 'one' ? seenBy(need) : pointwise(need.of.map(needSignal), (levels) => atLeast(need.atLeast, levels));

  const own = new Map<string, Signal>();
  const ownOf = (id: string): Signal => {
    const history = histories.get(id);
    const seen = own.get(id) ?? (history === undefined ? untold : observed(history, missing));
    own.set(id, seen);
    return seen;
  };
  const settled = (id: string): Signal => {
    const need = map.needs.get(id);
    for (const leaf of need === undefined ? [] : leavesOf(need)) {
      if (leaf.graceSeconds > 0) graced.set(leaf, carried(all.get(leaf.to) ?? untold, leaf.graceSeconds * 1000));
    }
    // Nobody said what this care depends on: nothing seen of any system tells how it is.
    if (map.careFunctions.has(id)) return need === undefined ? constant(unknown) : needSignal(need);
    const seen = ownOf(id);
    return need === undefined
      ? seen
      : pointwise([seen, needSignal(need)], ([mine = unknown, below = unknown]) => underNeeds(mine, below));
  };
  for (const unit of map.units) {
    if (unit.length > 1) settleRing(unit, settled, all);
    else for (const id of unit) all.set(id, settled(id));
  }
  const needAt = (need: CompiledNeed, instant: number): Level =>
    need.kind === 'one'
      ? levelAt(seenBy(need), instant)
      : atLeast(
          need.atLeast,
          need.of.map((part) => needAt(part, instant)),
        );
  return { map, of: (id) => all.get(id) ?? untold, ownAt: (id, instant) => levelAt(ownOf(id), instant), needAt };
}

/**
 * Things that need one another are there unless something else takes one of them away: from all being served, down to what
 * agrees. It ends: each turn only lowers, and a grace only shortens what is lost.
 */
function settleRing(ring: readonly string[], settled: (id: string) => Signal, all: Map<string, Signal>): void {
  for (const id of ring) all.set(id, constant(served));
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const id of ring) {
      const next = settled(id);
      if (sameSignal(next, all.get(id))) continue;
      all.set(id, next);
      isMoving = true;
    }
  }
}

/**
 * A later report about an earlier instant corrects what was believed since that instant: the real time of loss may be
 * learned late.
 */
function observed(history: History, missing: 'up' | 'unknown'): Signal {
  const kept: { at: number; to: ComponentState }[] = [];
  for (const one of history) {
    while (kept.length > 0 && (kept.at(-1)?.at ?? 0) >= one.at) kept.pop();
    kept.push(one);
  }
  const signal = new SignalBuilder();
  signal.push(Number.NEGATIVE_INFINITY, levelOfState(missing));
  for (const { at, to } of kept) signal.push(at, levelOfState(to));
  return signal.done();
}
