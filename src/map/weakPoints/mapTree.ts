import type { CompiledMap, CompiledNeed } from '../compile.ts';
import type { Component } from '../model.ts';
import { BudgetSpent } from './diagrams/nodeTable.ts';
import type { FaultTrees } from './faultTrees.ts';
import { GateGraph, never } from './gates/graph.ts';

const secondsPerYear = 365.25 * 24 * 3_600;
/** Gates a map may make: needs written, and rings unrolled as many times as they have members. */
const gatesMax = 5_000_000;

/**
 * The map as fault trees, one per care function: a component is lost when it fails by itself or when its needs are lost, every
 * grace run out; a care function when its needs are. Things started together are settled at once: each is lost only as the
 * losses from outside and of the members themselves bring it down (least fixpoint of losses), reached in as many rounds as
 * there are members. Throws `BudgetSpent`.
 */
export function faultTreesOf(map: CompiledMap): FaultTrees {
  const graph = new GateGraph();
  const components = [...map.components.values()];
  const own = new Map(components.map(({ id }, index) => [id, graph.event(index)]));
  const lost = new Map<string, number>();
  const literalOf = (need: CompiledNeed): number => {
    if (need.kind === 'one') return lost.get(need.to) ?? never;
    return graph.atLeast(need.of.length - need.atLeast + 1, need.of.map(literalOf));
  };
  const settled = (id: string): number => {
    const need = map.needs.get(id);
    return graph.or([own.get(id) ?? never, need === undefined ? never : literalOf(need)]);
  };
  for (const unit of map.units) {
    for (let round = 0; round < unit.length; round += 1) {
      const now = unit.map((id) => [id, settled(id)] as const);
      if (now.every(([id, literal]) => lost.get(id) === literal)) break;
      for (const [id, literal] of now) lost.set(id, literal);
      if (graph.nodes.length > gatesMax) throw new BudgetSpent(`more than ${gatesMax} gates`);
    }
  }
  return {
    graph,
    events: components.map((component) => ({ id: component.id, probability: unavailabilityOf(component) })),
    tops: [...map.careFunctions.keys()].map((id) => ({ id, root: lost.get(id) ?? never })),
  };
}

/** Steady-state unavailability λτ / (1 + λτ) of failures at rate λ, each lasting τ on average; null where no rate is given. */
export function unavailabilityOf({ reliability }: Component): number | null {
  if (reliability === undefined) return null;
  const failing = (reliability.failuresPerYear * reliability.repairSeconds) / secondsPerYear;
  return failing / (1 + failing);
}
