import type { Need } from '../map/model.ts';

/** What grouping reads of the map: what a component needs, and what care needs, in clinical order. */
export interface Dependencies {
  needsOf(component: string): Need | undefined;
  readonly careFunctions: readonly { id: string; needs: Need }[];
}

/** A component that is not up. `unavailable`: what needs it goes without; otherwise it still serves, for a while (on battery). */
export interface Loss {
  component: string;
  /** Milliseconds since 1970. */
  since: number;
  unavailable: boolean;
}

/** Losses with one common cause: the roots are lost for reasons of their own, the members because of the roots. */
export interface Group {
  roots: string[];
  members: string[];
  careFunctions: string[];
}

/** Why something is not there: the components that fell by themselves and that together explain it, and since when. */
interface Cause {
  roots: readonly string[];
  since: number;
}

/**
 * Groups losses by root cause on the map. A loss is explained when, with what else is lost, its own needs are not met at
 * `now`, graces included: redundancy that still holds explains nothing. Roots that only together explain a loss (both
 * sides of an `any`) make one group. Care functions are those that are or, graces run out, will be without their needs.
 * Deterministic whatever the order of `losses`.
 */
export function groupLosses(losses: readonly Loss[], map: Dependencies, now: number): Group[] {
  const current = lossesExplainer(
    losses.filter((loss) => loss.unavailable),
    map,
    now,
  );
  const eventual = lossesExplainer(losses, map, Number.POSITIVE_INFINITY);
  const causes = new Map<string, readonly string[]>();
  for (const { component, unavailable } of losses) {
    // What still serves on its reserve is explained by what will exhaust it, though nothing is unmet yet.
    const cause = (unavailable ? current : eventual).ofComponent(component);
    causes.set(component, cause?.roots ?? [component]);
  }
  const groups = new Joined();
  for (const roots of causes.values()) groups.join(roots);
  const careFunctions = map.careFunctions.map(({ id, needs }) => {
    const roots = [...(current.ofNeed(needs)?.roots ?? []), ...(eventual.ofNeed(needs)?.roots ?? [])];
    return { id, groups: new Set(roots.map((root) => groups.of(root))) };
  });
  const made = new Map<string, Group>();
  for (const [component, roots] of [...causes].toSorted(([one], [other]) => compare(one, other))) {
    const key = groups.of(roots[0] ?? component);
    const group = made.get(key) ?? { roots: [], members: [], careFunctions: [] };
    made.set(key, group);
    group.members.push(component);
    group.roots.push(...roots.filter((root) => !group.roots.includes(root)));
  }
  return [...made].map(([key, group]) => ({
    roots: group.roots.toSorted(compare),
    members: group.members,
    careFunctions: careFunctions.filter((care) => care.groups.has(key)).map((care) => care.id),
  }));
}

/** Answers why things are not there, given the losses, at an instant (`Infinity`: once every grace has run out). */
export function lossesExplainer(losses: readonly Loss[], map: Dependencies, now: number) {
  const lost = new Map(losses.map((loss) => [loss.component, loss.since]));
  const known = new Map<string, Cause | null>();
  const asking = new Set<string>();

  function ofComponent(component: string): Cause | null {
    const answered = known.get(component);
    if (answered !== undefined) return answered;
    // Needs that contain themselves are refused by the map; met here all the same, they explain nothing.
    if (asking.has(component)) return null;
    asking.add(component);
    const needs = map.needsOf(component);
    const unmet = needs === undefined ? null : ofNeed(needs);
    asking.delete(component);
    const since = lost.get(component);
    const cause = unmet ?? (since === undefined ? null : { roots: [component], since });
    known.set(component, cause);
    return cause;
  }

  function ofNeed(need: Need): Cause | null {
    if ('need' in need) {
      const cause = ofComponent(need.need);
      if (cause === null) return null;
      const since = cause.since + (need.graceSeconds ?? 0) * 1000;
      return now < since ? null : { roots: cause.roots, since };
    }
    const parts = 'all' in need ? need.all : 'any' in need ? need.any : need.of;
    const wanted = 'all' in need ? parts.length : 'any' in need ? 1 : need.atLeast;
    const unmet = parts
      .map(ofNeed)
      .filter((cause) => cause !== null)
      .toSorted(earliest);
    const spare = parts.length - wanted;
    const breaking = unmet[spare];
    if (breaking === undefined) return null;
    // Those that used up the spare ones, and the one that was one too many.
    return { roots: [...new Set(unmet.slice(0, spare + 1).flatMap((cause) => cause.roots))], since: breaking.since };
  }

  return { ofComponent, ofNeed };
}

const earliest = (one: Cause, other: Cause): number =>
  one.since - other.since || compare(one.roots[0] ?? '', other.roots[0] ?? '');
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Disjoint sets of roots, named by their smallest member so that the outcome does not depend on the order of joining. */
class Joined {
  readonly #parent = new Map<string, string>();

  of(root: string): string {
    let name = root;
    for (let up = this.#parent.get(name); up !== undefined; up = this.#parent.get(name)) name = up;
    return name;
  }

  join(roots: readonly string[]): void {
    const names = [...new Set(roots.map((root) => this.of(root)))].toSorted(compare);
    for (const name of names.slice(1)) this.#parent.set(name, names[0] ?? name);
  }
}
