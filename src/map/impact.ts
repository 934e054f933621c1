import type { CompiledMap, CompiledNeed } from './compile.ts';
import { suppliesAhead } from './graph/suppliesAhead.ts';
import type { ComponentState, Supply } from './model.ts';
import { high, isAvailable, isLost, type Level, levelOfState, low, served, supplyOf } from './needs/level.ts';
import { levelAt, type Signal } from './needs/signal.ts';
import type { Supplies } from './needs/supplies.ts';

export interface ImpactOptions {
  /** What a component without a state is: 'up' for a what-if, 'unknown' for the live hospital. */
  missing: 'up' | 'unknown';
  /** The instant asked about (ms); graces run until then. Without it, every grace has run out. */
  now?: number;
  /** Since when each state holds (ms); before, the component is taken to have been up. Without it, since instant 0. */
  since?: ReadonlyMap<string, number>;
}

export interface Impact {
  supply: Supply;
  /** Its own state where it has one that says why (isolated, restoring), else what its needs leave of it. */
  state: ComponentState;
  /** Served, but on what remains of a redundancy: the next loss is felt. */
  redundancyLost: boolean;
  /** Seconds from `now` (from the loss, where no `now` is given) until it is lost if nothing changes; null: it is not. */
  lostAfterSeconds: number | null;
  /** Root causes of what is missing: the components that nothing below them explains. */
  because: readonly string[];
}

/** What the given states do to everything on the map, care functions and components alike. Keys are short ids. */
export function impact(
  map: CompiledMap,
  states: ReadonlyMap<string, ComponentState>,
  options: ImpactOptions,
): ReadonlyMap<string, Impact> {
  const own = new Map<string, ComponentState>();
  const told = new Map<string, { state: ComponentState; since: number }>();
  for (const [reference, state] of states) {
    const id = map.resolve(reference);
    if (id === undefined || map.careFunctions.has(id)) continue;
    own.set(id, state);
    told.set(id, { state, since: options.since?.get(reference) ?? options.since?.get(id) ?? 0 });
  }
  const supplies = suppliesAhead(map, told, options.missing);
  return impactAt(supplies, own, options.now ?? Number.POSITIVE_INFINITY, options.now ?? 0);
}

/** The same, read from supplies over time. `own`: the states seen now; `from`: what `lostAfterSeconds` counts from. */
export function impactAt(
  supplies: Supplies,
  own: ReadonlyMap<string, ComponentState>,
  instant: number,
  from = instant,
): ReadonlyMap<string, Impact> {
  const { map } = supplies;
  const result = new Map<string, Impact>();
  const because = rootsAt(supplies, instant);
  const thin = thinAt(supplies, instant);
  for (const id of map.order) {
    const signal = supplies.of(id);
    const value = levelAt(signal, instant);
    result.set(id, {
      supply: supplyOf(value),
      state: stateOf(value, own.get(id)),
      redundancyLost: thin.has(id),
      lostAfterSeconds: lostAfterSeconds(signal, from),
      because: value === served ? [] : because(id),
    });
  }
  return result;
}

/** Everything that goes on at an instant on what remains of a redundancy, its own or one below it. */
function thinAt(supplies: Supplies, instant: number): ReadonlySet<string> {
  const { map } = supplies;
  const thin = new Set<string>();
  const isThin = (id: string): boolean => {
    const need = map.needs.get(id);
    if (need === undefined || !isAvailable(levelAt(supplies.of(id), instant))) return false;
    return redundancyLost(supplies, need, instant, (to) => thin.has(to));
  };
  for (const unit of map.units) {
    // In a ring each may be thin for another of it: looked at again until none is added.
    for (let before = -1; before !== thin.size; ) {
      before = thin.size;
      for (const id of unit) if (!thin.has(id) && isThin(id)) thin.add(id);
      if (unit.length === 1) break;
    }
  }
  return thin;
}

function stateOf(value: Level, own: ComponentState | undefined): ComponentState {
  if (own !== undefined && isLost(levelOfState(own))) return own;
  const supply = supplyOf(value);
  return supply === 'served' ? 'up' : supply === 'partly' ? 'degraded' : supply === 'lost' ? 'down' : 'unknown';
}

/** Whole seconds from `from` to the first instant at which the signal is surely lost. */
export function lostAfterSeconds(signal: Signal, from: number): number | null {
  if (isLost(levelAt(signal, from))) return 0;
  for (let i = 1; i < signal.at.length; i += 1) {
    const at = signal.at[i] ?? 0;
    if (at > from && isLost(signal.level[i] ?? 0)) return Math.round((at - from) / 1000);
  }
  return null;
}

function redundancyLost(
  supplies: Supplies,
  need: CompiledNeed,
  instant: number,
  thin: (id: string) => boolean,
): boolean {
  if (need.kind === 'one') return isAvailable(supplies.needAt(need, instant)) && thin(need.to);
  const standing = need.of.filter((part) => !isLost(supplies.needAt(part, instant)));
  if (standing.length < need.of.length && standing.length >= need.atLeast) return true;
  // A thin side does not matter while enough others are whole.
  const thinned = standing.filter((part) => redundancyLost(supplies, part, instant, thin));
  return need.of.length - thinned.length < need.atLeast;
}

/** Explains what is not served at an instant: from the thing down through the needs that fail as it does, to the roots. */
export function rootsAt(supplies: Supplies, instant: number): (id: string) => readonly string[] {
  const { map } = supplies;
  const roots = new Map<string, readonly string[]>();
  const explain = (need: CompiledNeed, value: Level): readonly string[] => {
    const seen = supplies.needAt(need, instant);
    if (!failsLike(seen, value)) return [];
    if (need.kind === 'one') return roots.get(need.to) ?? [];
    const failing = need.of.filter((part) => failsLike(supplies.needAt(part, instant), seen));
    return [...new Set(failing.flatMap((part) => explain(part, seen)))];
  };
  const levelOf = (id: string) => levelAt(supplies.of(id), instant);
  const below = (id: string): readonly string[] => {
    const value = levelOf(id);
    const need = map.needs.get(id);
    // An unknown component is unknown for want of its own check: looking at it is enough, whatever it stands on.
    const isUnwatched = !map.careFunctions.has(id) && supplyOf(value) === 'unknown';
    return need === undefined || isUnwatched ? [] : explain(need, value);
  };
  // From the bottom up, so that a long chain of needs never exhausts the stack.
  for (const unit of map.units) {
    const failing = unit.filter((id) => levelOf(id) !== served);
    if (unit.length > 1) explainRing(failing);
    else for (const id of failing) roots.set(id, orItself(id, below(id)));
  }
  return (id) => roots.get(id) ?? [];

  function orItself(id: string, found: readonly string[]): readonly string[] {
    return found.length > 0 || map.careFunctions.has(id) ? found : [id];
  }

  /** What takes a ring away comes from outside it, or is one of its members by itself; then each has the others' reasons. */
  function explainRing(failing: readonly string[]): void {
    const outside = new Map(failing.map((id) => [id, below(id)]));
    for (const [id, found] of outside) {
      const isItself = found.length === 0 && failsLike(supplies.ownAt(id, instant), levelOf(id));
      roots.set(id, isItself ? [id] : found);
    }
    for (let isGrowing = true; isGrowing; ) {
      isGrowing = false;
      for (const id of failing) {
        const known = roots.get(id) ?? [];
        const all = [...new Set([...known, ...below(id)])];
        if (all.length === known.length) continue;
        roots.set(id, all);
        isGrowing = true;
      }
    }
    for (const id of failing) roots.set(id, orItself(id, roots.get(id) ?? []));
  }
}

/** Whether a part in this state accounts for the whole being in that one. */
function failsLike(part: Level, whole: Level): boolean {
  if (isLost(whole)) return isLost(part);
  if (low(whole) === 0) return low(part) === 0 && !isLost(part);
  return part !== served && high(part) > 0;
}
