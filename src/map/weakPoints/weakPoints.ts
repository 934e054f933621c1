import type { CompiledMap } from '../compile.ts';
import { componentsMeant } from '../whatIf.ts';
import type { FaultTrees } from './faultTrees.ts';
import { lostUnder } from './lostUnder.ts';
import { faultTreesOf } from './mapTree.ts';
import { type TreeOptions, type TreeReport, treeReport } from './treeReport.ts';

export interface WeakPointsOptions extends TreeOptions {
  /** Nodes of diagrams, for all the trees together. */
  nodesMax: number;
  /** Gates looked at to find what falls with one component, or with one supplier. */
  gatesMax: number;
}

export interface Falls {
  id: string;
  /** Care functions lost once every grace has run out, in clinical order. */
  careFunctions: string[];
}

export interface WeakPoints {
  /** One per care function, in clinical order. */
  trees: TreeReport[];
  /** Components whose loss alone takes a care function down, the one on which most hangs first. */
  singlePoints: string[];
  /** What hangs on each of them, in the same order. */
  falls: Falls[];
  /** Each supplier with all its components down at once, the one on which most hangs first. */
  suppliers: (Falls & { components: number })[];
  /** False where the map is so large that the look at every component and supplier had to stop. */
  allLookedAt: boolean;
}

export const usualBounds = {
  listedMax: 200,
  importantMax: 50,
  nodesMax: 4_000_000,
  gatesMax: 2_000_000_000,
} as const;

/**
 * Where a map is weak: what single loss, what sets of losses and which supplier's loss take each care function down, and how
 * likely that is where rates are given. Losses are independent but for what the map says they share. Bounded work; what it did not
 * reach is said.
 */
export function weakPoints(map: CompiledMap, options: WeakPointsOptions): WeakPoints {
  const trees = faultTreesOf(map);
  const roots = trees.tops.map(({ root }) => root);
  const careFunction = (at: number): string => trees.tops[at]?.id ?? '';

  const owned = suppliersOf(map);
  const scenarios = [[], ...owned.map(({ events }) => events), ...trees.events.map((_, event) => [event])];
  const answers = lostUnder(trees.graph, roots, scenarios, options.gatesMax);
  // A need of more than there are is lost whatever holds: nothing in particular takes it down.
  const always = new Set(answers[0]);
  const lost = (scenario: number): string[] =>
    (answers[scenario] ?? []).filter((at) => !always.has(at)).map(careFunction);
  const falls = trees.events
    .map(({ id }, event) => ({ id, careFunctions: lost(1 + owned.length + event) }))
    .filter(({ careFunctions }) => careFunctions.length > 0)
    .sort(mostFirst);
  return {
    trees: reports(trees, options),
    singlePoints: falls.map(({ id }) => id),
    falls,
    suppliers: owned
      .map(({ id, events }, at) => ({ id, components: events.length, careFunctions: lost(1 + at) }))
      .sort(mostFirst),
    allLookedAt: answers.length === scenarios.length,
  };
}

/** Each tree has an equal part of the nodes left: what an easy one does not use serves those after it. */
function reports(trees: FaultTrees, options: WeakPointsOptions): TreeReport[] {
  let nodesLeft = options.nodesMax;
  return trees.tops.map((_, at) => {
    const part = Math.ceil(nodesLeft / (trees.tops.length - at));
    const budget = { nodesLeft: part };
    const report = treeReport(trees, at, options, budget);
    nodesLeft = Math.max(1, nodesLeft - part + budget.nodesLeft);
    return report;
  });
}

const mostFirst = (one: Falls, other: Falls): number => other.careFunctions.length - one.careFunctions.length;

/** Suppliers that own components of this map or answer for some, with the events of those. */
function suppliersOf(map: CompiledMap): { id: string; events: number[] }[] {
  const events = new Map([...map.components.keys()].map((id, event) => [id, event]));
  const all = [...map.suppliers.keys()].map((id) => ({
    id,
    events: componentsMeant(map, `supplier:${id}`).flatMap((component) => events.get(component) ?? []),
  }));
  return all.filter((supplier) => supplier.events.length > 0);
}
