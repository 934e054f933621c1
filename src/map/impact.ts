import type { CompiledMap, CompiledNeed } from './compile.ts';
import type { ComponentState, Supply } from './model.ts';
import { high, isAvailable, isLost, type Level, levelOfState, low, served, supplyOf } from './needs/level.ts';
import { levelAt, type Signal } from './needs/signal.ts';
import { type History, type Supplies, suppliesOver } from './needs/supplies.ts';

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
  const histories = new Map<string, History>();
  const own = new Map<string, ComponentState>();
  for (const [reference, to] of states) {
    const id = map.resolve(reference);
    if (id === undefined || map.careFunctions.has(id)) continue;
    const at = options.since?.get(reference) ?? options.since?.get(id) ?? 0;
    histories.set(id, [
      { at: Number.NEGATIVE_INFINITY, to: 'up' },
      { at, to },
    ]);
    own.set(id, to);
  }
  const supplies = suppliesOver(map, histories, options.missing);
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
  for (const id of map.order) {
    const signal = supplies.of(id);
    const value = levelAt(signal, instant);
    const need = map.needs.get(id);
    const thin = (to: string) => result.get(to)?.redundancyLost === true;
    result.set(id, {
      supply: supplyOf(value),
      state: stateOf(value, own.get(id)),
      redundancyLost: isAvailable(value) && need !== undefined && redundancyLost(supplies, need, instant, thin),
      lostAfterSeconds: lostAfterSeconds(signal, from),
      because: value === served ? [] : because(id),
    });
  }
  return result;
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
  const roots = new Map<string, readonly string[]>();
  const explain = (need: CompiledNeed, value: Level): readonly string[] => {
    const seen = supplies.needAt(need, instant);
    if (!failsLike(seen, value)) return [];
    if (need.kind === 'one') return roots.get(need.to) ?? [];
    const failing = need.of.filter((part) => failsLike(supplies.needAt(part, instant), seen));
    return [...new Set(failing.flatMap((part) => explain(part, seen)))];
  };
  // From the bottom up, so that a long chain of needs never exhausts the stack.
  for (const id of supplies.map.order) {
    const value = levelAt(supplies.of(id), instant);
    if (value === served) continue;
    const need = supplies.map.needs.get(id);
    const isCare = supplies.map.careFunctions.has(id);
    // An unknown component is unknown for want of its own check: looking at it is enough, whatever it stands on.
    const below = need === undefined || (!isCare && supplyOf(value) === 'unknown') ? [] : explain(need, value);
    roots.set(id, below.length > 0 || isCare ? below : [id]);
  }
  return (id) => roots.get(id) ?? [];
}

/** Whether a part in this state accounts for the whole being in that one. */
function failsLike(part: Level, whole: Level): boolean {
  if (isLost(whole)) return isLost(part);
  if (low(whole) === 0) return low(part) === 0 && !isLost(part);
  return part !== served && high(part) > 0;
}
