import { referencesIn } from '../map/document/reference.ts';
import { type Dependencies, type Group, lossesExplainer } from './grouping.ts';

/** What looking for an unseen cause reads: the map, who needs what, and what observation has ever said. */
export interface Surroundings extends Dependencies {
  neededBy(component: string): readonly string[];
  isObserved(component: string): boolean;
  isUp(component: string): boolean;
}

/** Causes that fall at once behind one thing nobody watches: two may be chance, three point at it. P. */
export const SUSPICIOUS_ROOTS = 3;

/** Things looked at around one root: a hospital's chain of needs is tens long, its widest thing is needed by thousands. */
const LOOKED_AT_MAX = 5000;

/**
 * Groups whose roots all hang on one component that no check has ever seen (a supplier's power feed, an unwatched switch)
 * become one group with that component as its root, unless something that hangs on it too is seen up. The nearest such
 * component is taken: the one on which least hangs.
 */
export function withUnseenRoots(groups: readonly Group[], map: Surroundings): Group[] {
  const left = [...groups];
  const joined: Group[] = [];
  for (let found = suspect(left, map); found !== undefined; found = suspect(left, map)) {
    const { cause, behind } = found;
    for (const group of behind) left.splice(left.indexOf(group), 1);
    const unique = (pick: (group: Group) => readonly string[]) => [...new Set(behind.flatMap(pick))];
    joined.push({
      roots: [cause],
      members: unique((group) => group.members),
      careFunctions: unique((group) => group.careFunctions),
    });
  }
  return [...left, ...joined];
}

function suspect(groups: readonly Group[], map: Surroundings): { cause: string; behind: Group[] } | undefined {
  if (groups.length < SUSPICIOUS_ROOTS) return undefined;
  const candidates = new Map<string, Group[]>();
  for (const group of groups) {
    const below = group.roots.map((root) => reach(root, (id) => needsOf(id, map)));
    for (const id of below[0] ?? []) {
      if (map.isObserved(id) || !below.every((one) => one.has(id))) continue;
      candidates.set(id, [...(candidates.get(id) ?? []), group]);
    }
  }
  const likely = [...candidates].filter(([, behind]) => behind.length >= SUSPICIOUS_ROOTS);
  const judged = likely.flatMap(([cause, near]) => {
    const why = lossesExplainer([{ component: cause, since: 0, unavailable: true }], map, Number.POSITIVE_INFINITY);
    const falls = (component: string) => why.ofComponent(component) !== null;
    const behind = near.filter((group) => group.roots.every(falls));
    const hanging = reach(cause, (id) => map.neededBy(id));
    const denied = [...hanging].some((component) => map.isUp(component) && falls(component));
    return behind.length < SUSPICIOUS_ROOTS || denied ? [] : [{ cause, behind, hanging: hanging.size }];
  });
  return judged.toSorted(
    (one, other) =>
      other.behind.length - one.behind.length || one.hanging - other.hanging || (one.cause < other.cause ? -1 : 1),
  )[0];
}

function needsOf(id: string, map: Dependencies): Iterable<string> {
  const needs = map.needsOf(id);
  return needs === undefined ? [] : referencesIn(needs);
}

/** Everything reached from a component, itself left out. */
function reach(from: string, next: (id: string) => Iterable<string>): Set<string> {
  const reached = new Set<string>();
  const queue = [from];
  for (let id = queue.pop(); id !== undefined && reached.size < LOOKED_AT_MAX; id = queue.pop()) {
    for (const one of next(id)) {
      if (one === from || reached.has(one)) continue;
      reached.add(one);
      queue.push(one);
    }
  }
  return reached;
}
