import { type Analysis, analysed } from './engine/analyse.ts';
import { setsOfSize } from './engine/cutSets.ts';
import { birnbaumOf } from './engine/importance.ts';
import { probabilityOf } from './engine/probability.ts';
import type { Budget, ModuleSets, SolvedTree } from './engine/solve.ts';
import type { FaultTrees } from './faultTrees.ts';

/**
 * What "minimal cut sets" are here. Of a coherent tree, the smallest sets of failures that make its top true. Of one that uses
 * negations: the smallest among the positive parts of its prime implicants, that is the smallest sets of failures that make the
 * top true while all else holds (Dutuit and Rauzy 1997).
 */
export type Definition = 'minimal cut sets' | 'minimal positive parts of prime implicants';

export interface Importance {
  id: string;
  /** ∂P/∂q: P(top | it is failed) − P(top | it holds). With `structural` every event has q = 1/2: the share of states where it decides. */
  birnbaum: number;
  /** The part of the top's probability that goes if it never fails, q × Birnbaum / P; null where rates are missing. */
  fussellVesely: number | null;
}

export interface TreeReport {
  top: string;
  definition: Definition;
  minimalCutSets: {
    /** How many there are (of at most `completeUpTo` events where that is a number), in decimal: it can pass 2^53. */
    total: string;
    byOrder: { [order: string]: number | string };
    /** Null: every one there is. A number: all of at most so many events; larger ones were not asked for, or not reached. */
    completeUpTo: number | null;
    /** Whether `completeUpTo` is where the work had to stop rather than what was asked. */
    stopped: boolean;
    /** The smallest first; ids of events in the tree's own order. */
    listed: string[][];
    notListed: string;
  };
  /** Null where a rate is missing, or where the tree's whole function did not fit the work allowed. */
  topProbability: number | null;
  /** Events of the tree whose rate nobody gave. */
  withoutRate: number;
  importanceMeasure: 'rates' | 'structural' | null;
  /** The most important first. */
  importance: Importance[];
  seconds: number;
}

export interface TreeOptions {
  /** Sets of more events are neither counted nor listed. */
  orderMax?: number;
  /** Sets listed per tree. */
  listedMax: number;
  /** Events told in `importance`. */
  importantMax: number;
  /** Seconds of any steady clock: the rooms have none. */
  seconds(): number;
}

/** Orders looked for where no tree's whole function fits and nothing was asked. */
const orderMaxByDefault = 8;

export function treeReport(trees: FaultTrees, at: number, options: TreeOptions, budget: Budget): TreeReport {
  const begun = options.seconds();
  const { id, root } = trees.tops[at] ?? { id: '', root: 0 };
  const analysis = analysed(trees.graph, root, options.orderMax ?? orderMaxByDefault, budget);
  const asked = options.orderMax ?? Number.POSITIVE_INFINITY;
  const counts = analysis.counts.slice(0, Math.min(analysis.counts.length, asked + 1));
  const total = counts.reduce((sum, one) => sum + one, 0n);
  const listed = listedSets(analysis, counts, options.listedMax, trees);
  const limit = Math.min(asked, analysis.completeUpTo ?? Number.POSITIVE_INFINITY);
  const probabilities = analysis.whole === null ? null : chances(trees, analysis.whole);
  return {
    top: id,
    definition: analysis.coherent ? 'minimal cut sets' : 'minimal positive parts of prime implicants',
    minimalCutSets: {
      total: String(total),
      byOrder: Object.fromEntries(counts.flatMap((many, order) => (many === 0n ? [] : [[order, shortest(many)]]))),
      completeUpTo: Number.isFinite(limit) ? limit : null,
      stopped: analysis.completeUpTo !== null && analysis.completeUpTo < asked,
      listed,
      notListed: String(total - BigInt(listed.length)),
    },
    topProbability: probabilities?.top ?? null,
    withoutRate: probabilities?.withoutRate ?? withoutRate(trees, analysis.sets),
    importanceMeasure: probabilities === null ? null : probabilities.top === null ? 'structural' : 'rates',
    importance: (probabilities?.importance ?? []).slice(0, options.importantMax),
    seconds: options.seconds() - begun,
  };
}

function listedSets(analysis: Analysis, counts: readonly bigint[], listedMax: number, trees: FaultTrees): string[][] {
  const listed: string[][] = [];
  counts.forEach((many, size) => {
    if (many === 0n || listed.length >= listedMax) return;
    for (const set of setsOfSize(analysis.sets, size, listedMax - listed.length)) {
      listed.push(set.sort((one, other) => one - other).map((event) => trees.events[event]?.id ?? ''));
    }
  });
  return listed;
}

/** A number where JSON keeps it exact. */
const shortest = (many: bigint): number | string =>
  many <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(many) : String(many);

interface Chances {
  top: number | null;
  withoutRate: number;
  importance: Importance[];
}

function chances(trees: FaultTrees, tree: SolvedTree): Chances {
  const missing = withoutRate(trees, tree);
  const chanceOf = (event: number): number => (missing > 0 ? 0.5 : (trees.events[event]?.probability ?? 0));
  const top = probabilityOf(tree, chanceOf);
  const importance = [...birnbaumOf(tree, chanceOf)].map(([event, birnbaum]) => ({
    id: trees.events[event]?.id ?? '',
    birnbaum,
    fussellVesely: missing > 0 || top === 0 ? null : (chanceOf(event) * birnbaum) / top,
  }));
  importance.sort((one, other) => Math.abs(other.birnbaum) - Math.abs(one.birnbaum) || (one.id < other.id ? -1 : 1));
  return { top: missing > 0 ? null : top, withoutRate: missing, importance };
}

function withoutRate(trees: FaultTrees, tree: SolvedTree<ModuleSets>): number {
  const events = tree.modules.flatMap(({ leaves }) =>
    leaves.flatMap((leaf) => {
      const node = tree.graph.nodes[leaf];
      return node?.kind === 'event' ? [node.inputs[0] ?? 0] : [];
    }),
  );
  return events.filter((event) => (trees.events[event]?.probability ?? null) === null).length;
}
