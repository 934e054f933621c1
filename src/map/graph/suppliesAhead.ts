import type { CompiledMap, CompiledNeed } from '../compile.ts';
import type { ComponentState } from '../model.ts';
import { atLeast, type Level, levelOfState } from '../needs/level.ts';
import { type Signal, SignalBuilder } from '../needs/signal.ts';
import type { Supplies } from '../needs/supplies.ts';
import { graphOf } from './build.ts';
import { Propagation } from './propagation.ts';

/** A component's own state, and since when (ms): before, it was up. */
export interface Told {
  state: ComponentState;
  since: number;
}

/**
 * What the present states lead to if nothing changes, graces running out one after the other. Where the past matters too
 * (returns, corrections), `suppliesOver` reads the whole history. `told`: by short id.
 */
export function suppliesAhead(
  map: CompiledMap,
  told: ReadonlyMap<string, Told>,
  missing: 'up' | 'unknown',
): Supplies & { propagation: Propagation } {
  const graph = graphOf(map);
  const propagation = new Propagation(graph, missing);
  const node = (id: string) => graph.nodeOf(id) ?? -1;
  propagation.set([...told].map(([id, one]) => ({ node: node(id), ...one })));
  const needAt = (need: CompiledNeed, instant: number): Level =>
    need.kind === 'one'
      ? propagation.levelAt(node(need.to), instant, need.graceSeconds * 1000)
      : atLeast(
          need.atLeast,
          need.of.map((part) => needAt(part, instant)),
        );
  const ownAt = (id: string, instant: number): Level => {
    const one = told.get(id);
    if (one === undefined) return levelOfState(missing);
    return levelOfState(instant < one.since ? 'up' : one.state);
  };
  const signals = new Map<string, Signal>();
  const of = (id: string): Signal => {
    const signal = signals.get(id) ?? signalOf(propagation, node(id));
    signals.set(id, signal);
    return signal;
  };
  return { map, of, ownAt, needAt, propagation };
}

function signalOf(propagation: Propagation, node: number): Signal {
  const limits = ([0, 1, 2, 3] as const).map((which) => propagation.limit(node, which));
  const signal = new SignalBuilder();
  const start = Number.NEGATIVE_INFINITY;
  for (const at of [start, ...limits.filter(Number.isFinite).sort((a, b) => a - b)])
    signal.push(at, propagation.levelAt(node, at));
  return signal.done();
}
