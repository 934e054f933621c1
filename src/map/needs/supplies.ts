import { type CompiledLeaf, type CompiledMap, type CompiledNeed, leavesOf } from '../compile.ts';
import type { ComponentState } from '../model.ts';
import { atLeast, type Level, levelOfState, underNeeds, unknown } from './level.ts';
import { carried, constant, levelAt, pointwise, type Signal, SignalBuilder } from './signal.ts';

/** What was seen of one component, oldest first; `at` in ms. Before the first, and where nothing was seen, `missing` holds. */
export type History = readonly { at: number; to: ComponentState }[];

/** The supply of everything on the map as a function of time, expiries of graces to come included. */
export interface Supplies {
  map: CompiledMap;
  /** What is left of a component under its needs; of a care function, which is never seen itself, what its needs say. */
  of(id: string): Signal;
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

  for (const id of map.order) {
    const need = map.needs.get(id);
    for (const leaf of need === undefined ? [] : leavesOf(need)) {
      if (leaf.graceSeconds > 0) graced.set(leaf, carried(all.get(leaf.to) ?? untold, leaf.graceSeconds * 1000));
    }
    if (map.careFunctions.has(id)) {
      all.set(id, need === undefined ? untold : needSignal(need));
      continue;
    }
    const history = histories.get(id);
    const seen = history === undefined ? untold : observed(history, missing);
    all.set(
      id,
      need === undefined
        ? seen
        : pointwise([seen, needSignal(need)], ([mine = unknown, below = unknown]) => underNeeds(mine, below)),
    );
  }
  const needAt = (need: CompiledNeed, instant: number): Level =>
    need.kind === 'one'
      ? levelAt(seenBy(need), instant)
      : atLeast(
          need.atLeast,
          need.of.map((part) => needAt(part, instant)),
        );
  return { map, of: (id) => all.get(id) ?? untold, needAt };
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
