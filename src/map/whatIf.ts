import { accept, type Result, refuse } from '../journal/result.ts';
import type { CareGap } from './care.ts';
import type { CompiledMap } from './compile.ts';
import { nearest } from './document/nearest.ts';
import { gapAfterLoss } from './gap/gapAfterLoss.ts';
import { explain } from './graph/explain.ts';
import { type Outage, suppliesReturning } from './graph/returning.ts';
import { suppliesAhead, type Told } from './graph/suppliesAhead.ts';
import { type Impact, impactAt } from './impact.ts';
import type { ComponentState, Supply } from './model.ts';
import { isLost, levelOfState } from './needs/level.ts';
import { backBetween, type MeasuredReturns } from './returns/returns.ts';

export interface WhatIfAsked {
  /** The instant of the loss (ms since 1970): whether care is needed then depends on the hour. */
  at: number;
  /** The instant looked at, counted from the loss; without it, once every grace has run out. */
  afterSeconds?: number;
  /**
   * What components are now, each since when (ms), by reference: what is not told is unknown, as on the live map. Without
   * it, all but what is lost is up.
   */
  states?: ReadonlyMap<string, Told>;
  /** How far the care gap is summed, from the loss; by default a day. */
  horizonSeconds?: number;
  /** What restorations were seen to take, before what is declared on the map; and the day (YYYY-MM-DD) contracts are read on. */
  measured?: MeasuredReturns;
  today?: string;
}

interface Felt {
  id: string;
  /** Seconds from the loss until it is surely lost, if nothing changes; 0: it is at once, or was already; null: it is not. */
  lostAfterSeconds: number | null;
  /** Root causes of what is missing at the instant looked at: the components that nothing below them explains. */
  because: readonly string[];
  /** It goes on, on what remains of a redundancy: the next loss is felt. */
  redundancyLost: boolean;
}

export interface CareFelt extends Felt {
  state: Supply;
  /** Failing components that alone bring it there, none of them spare: at the instant looked at, or of the loss to come. */
  enough: readonly string[];
  /** "Lost in 14 min unless…": each a set of components that alone keeps it or brings it back; a few of them, if any. */
  unless: readonly (readonly string[])[];
  /**
   * Seconds from the loss until it could be back, all that is lost being brought back from then on, by the times on record;
   * `high` is null where something in the way has none. Null where it is not lost.
   */
  back: { low: number; high: number | null } | null;
}

export interface WhatIf {
  afterSeconds: number | null;
  /** Components lost, `supplier:…` and `site:…` written out; short ids, in the order asked. */
  down: readonly string[];
  /** In clinical order. */
  careFunctions: readonly CareFelt[];
  components: readonly (Felt & { state: ComponentState })[];
  /**
   * Summed from the loss until each function could be back (`back`), over `horizonSeconds` at most, nobody having answered: at
   * most as if no ward held, at least as if every ward that has a degraded mode held as long as it lasts. What is lost already
   * counts too: asked with nothing down, it is the gap of the present.
   */
  careGap: CareGap & { horizonSeconds: number };
}

const day = 86_400;

/**
 * What the loss of some components, many at once, does to care and to everything else. `down`: references of components;
 * `supplier:<id>`, `site:<id>`: all of a supplier's, all on a site. Refuses with `component-unknown`.
 */
export function whatIf(map: CompiledMap, down: readonly string[], asked: WhatIfAsked): Result<WhatIf> {
  const { at, afterSeconds, states, horizonSeconds = day } = asked;
  const lost = new Set<string>();
  for (const reference of down) {
    const meant = componentsMeant(map, reference);
    if (meant.length === 0) return notAComponent(map, reference);
    for (const id of meant) lost.add(id);
  }
  const told = toldOf(map, states, lost, at);
  const missing = states === undefined ? 'up' : 'unknown';
  const supplies = suppliesAhead(map, told, missing);
  const own = new Map([...told].map(([id, { state }]) => [id, state]));
  const instant = afterSeconds === undefined ? Number.POSITIVE_INFINITY : at + afterSeconds * 1000;
  const found = impactAt(supplies, own, instant, at);
  const { propagation } = supplies;
  const named = (nodes: readonly number[]) => nodes.map(propagation.graph.nameOf);
  const why = (id: string, { supply, lostAfterSeconds }: Impact) => {
    const isToCome = supply === 'served' && lostAfterSeconds !== null;
    const node = propagation.graph.nodeOf(id) ?? -1;
    const { enough, unless } = explain(propagation, node, isToCome ? Number.POSITIVE_INFINITY : instant);
    return { enough: named(enough), unless: unless.map(named) };
  };
  const ending = afterSeconds === undefined ? found : impactAt(supplies, own, Number.POSITIVE_INFINITY, at);
  const { bounds, outages } = returning(map, told, ending, asked);
  const backOf = (id: string, { lostAfterSeconds }: Impact): CareFelt['back'] => {
    if (lostAfterSeconds === null) return null;
    const [least, most] = [bounds.atLeast(id), bounds.atMost(id)];
    return {
      low: Math.max(lostAfterSeconds, least),
      high: most < Number.POSITIVE_INFINITY ? Math.max(lostAfterSeconds, most) : null,
    };
  };
  const felt = (ids: Iterable<string>) => [...ids].flatMap((id) => ({ id, one: found.get(id) }));
  return accept({
    afterSeconds: afterSeconds ?? null,
    down: [...lost],
    careFunctions: felt(map.careFunctions.keys()).flatMap(({ id, one }): CareFelt[] =>
      one === undefined ? [] : [{ id, ...seconds(one), state: one.supply, ...why(id, one), back: backOf(id, one) }],
    ),
    components: felt(map.components.keys()).flatMap(({ id, one }) =>
      one === undefined ? [] : [{ id, ...seconds(one), state: one.state }],
    ),
    careGap: {
      ...gapAfterLoss(
        map,
        {
          soonest: suppliesReturning(map, told, missing, outages(bounds.atLeast)),
          latest: suppliesReturning(map, told, missing, outages(bounds.atMost)),
        },
        at,
        at + horizonSeconds * 1000,
      ),
      horizonSeconds,
    },
  });
}

/** Everything that ends up lost has to be brought back, also what only lost what it needs: after a power cut, servers start. */
function returning(
  map: CompiledMap,
  told: ReadonlyMap<string, Told>,
  ending: ReadonlyMap<string, Impact>,
  { at, measured, today }: WhatIfAsked,
) {
  const lost = new Map<string, number>();
  for (const id of map.components.keys()) {
    const after = ending.get(id)?.lostAfterSeconds ?? null;
    if (after === null) continue;
    const own = told.get(id);
    // Graces run from the instant it was lost, which may be past.
    lost.set(id, own !== undefined && isLost(levelOfState(own.state)) ? own.since : at + after * 1000);
  }
  const bounds = backBetween(map, measured ?? {}, {
    lost: new Set(lost.keys()),
    ...(today === undefined ? {} : { today }),
  });
  const outages = (seconds: (id: string) => number): ReadonlyMap<string, Outage> =>
    new Map([...lost].map(([id, from]) => [id, { from, until: Math.max(from, at + seconds(id) * 1000) }]));
  return { bounds, outages };
}

const seconds = ({ lostAfterSeconds, because, redundancyLost }: Impact) => ({
  lostAfterSeconds,
  because,
  redundancyLost,
});

function toldOf(
  map: CompiledMap,
  states: ReadonlyMap<string, Told> | undefined,
  lost: ReadonlySet<string>,
  at: number,
): Map<string, Told> {
  const told = new Map<string, Told>();
  for (const [reference, one] of states ?? []) {
    const id = map.resolve(reference);
    if (id !== undefined && map.components.has(id)) told.set(id, one);
  }
  for (const id of lost) {
    const before = told.get(id)?.state;
    // What is not available already is lost since then, and keeps its word.
    if (before !== 'down' && before !== 'isolated' && before !== 'restoring')
      told.set(id, { state: 'down', since: at });
  }
  return told;
}

/** The components a reference stands for: one, all a supplier owns or answers for, or all of a site. */
export function componentsMeant(map: CompiledMap, reference: string): readonly string[] {
  const id = map.resolve(reference);
  if (id !== undefined) return map.components.has(id) ? [id] : [];
  const [word, ...rest] = reference.split(':');
  const name = map.short(rest.join(':'));
  const { components } = map.document;
  if (word === 'site') return components.filter(({ site }) => site === name).map((one) => one.id);
  if (word !== 'supplier') return [];
  return components.filter((one) => one.supplier === name || one.id.startsWith(`${name}:`)).map((one) => one.id);
}

function notAComponent(map: CompiledMap, reference: string) {
  const isCare = map.careFunctions.has(map.short(reference));
  const message = isCare ? 'This is a care function, not a component.' : 'No component has this id on the map.';
  const near = isCare ? undefined : nearest(map.short(reference), map.components.keys());
  return refuse('component-unknown', message, {
    where: reference,
    expected: 'the id of a component, as the map writes it; supplier:ID or site:ID for all of it',
    kept: 'Nothing was computed.',
    ...(near === undefined ? {} : { cure: `Did you mean ${near}?` }),
  });
}
