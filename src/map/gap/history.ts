import type { CareFacts } from '../care.ts';
import type { CompiledMap } from '../compile.ts';
import { transitionsOf } from '../facts.ts';
import type { ComponentState } from '../model.ts';
import { type Supplies, suppliesOver } from '../needs/supplies.ts';

/** A ward held from `from` to `to` (exclusive), instants in ms. */
export interface HoldSpan {
  from: number;
  to: number;
  until: number;
  /** How far it can go if each shift confirms it again. */
  limit: number;
  /** How it ended, or will. `ranOut`: the degraded mode was held for as long as it can be. */
  ended: 'ranOut' | 'unconfirmed' | 'givenUp' | 'servedAgain';
  runsOutFirst: string;
  proved: boolean;
}

export interface Decision {
  at: number;
  /** Undefined: every ward of the function. */
  wards: ReadonlySet<string> | undefined;
  decision: 'diverted' | 'reduced' | 'resumed';
  reviewAt: string | null;
  patients: number | null;
}

/** What people said and decided about one care function, oldest first. */
export interface CareHistory {
  holds: ReadonlyMap<string, readonly HoldSpan[]>;
  reports: ReadonlyMap<string, readonly { at: number; works: boolean }[]>;
  decisions: readonly Decision[];
  releases: readonly { at: number; horizon: string | null; reconciledAt: number }[];
}

export interface LastSeen {
  state: ComponentState;
  /** Milliseconds since 1970. */
  since: number;
  code: string;
}

/** The facts read on one map: what systems did, and what people said of each care function. */
export interface ReadFacts {
  map: CompiledMap;
  supplies: Supplies;
  /** What each component was last seen in. */
  last: ReadonlyMap<string, LastSeen>;
  /** The first instant anything was seen; infinite when nothing ever was. */
  firstSeen: number;
  careFunctions: ReadonlyMap<string, CareHistory>;
}

const read = new WeakMap<CareFacts, ReadFacts>();

/** Reads the facts on a map; once for the same facts and map. */
export function readFacts(map: CompiledMap, facts: CareFacts): ReadFacts {
  const known = read.get(facts);
  if (known?.map === map) return known;
  const fresh = freshlyRead(map, facts);
  read.set(facts, fresh);
  return fresh;
}

function freshlyRead(map: CompiledMap, facts: CareFacts): ReadFacts {
  const histories = new Map<string, { at: number; to: ComponentState }[]>();
  const last = new Map<string, LastSeen>();
  let firstSeen = Number.POSITIVE_INFINITY;
  for (const { component, at, to, code } of transitionsOf(facts)) {
    const id = map.short(component);
    const instant = Date.parse(at);
    push(histories, id, { at: instant, to });
    last.set(id, { state: to, since: instant, code });
    firstSeen = Math.min(firstSeen, instant);
  }
  return {
    map,
    supplies: suppliesOver(map, histories, 'unknown'),
    last,
    firstSeen,
    careFunctions: careHistories(map, facts),
  };
}

function careHistories(map: CompiledMap, facts: CareFacts): ReadonlyMap<string, CareHistory> {
  const found = new Map(
    [...map.careFunctions.keys()].map((id) => [
      id,
      {
        holds: new Map<string, HoldSpan[]>(),
        reports: new Map<string, { at: number; works: boolean }[]>(),
        decisions: [] as Decision[],
        releases: [] as { at: number; horizon: string | null; reconciledAt: number }[],
      },
    ]),
  );
  for (const hold of facts.holds) {
    const id = map.short(hold.careFunction);
    const mode = map.careFunctions.get(id)?.degradedMode;
    const history = found.get(id);
    if (history !== undefined) push(history.holds, map.short(hold.ward), spanOf(hold, mode?.holdSeconds));
  }
  for (const { careFunction, ward, at, works } of facts.wardReports) {
    const history = found.get(map.short(careFunction));
    if (history !== undefined) push(history.reports, map.short(ward), { at: Date.parse(at), works });
  }
  for (const { careFunction, wards, at, decision, reviewAt, patients } of facts.decisions) {
    found.get(map.short(careFunction))?.decisions.push({
      at: Date.parse(at),
      wards: wards.length === 0 ? undefined : new Set(wards.map(map.short)),
      decision,
      reviewAt: reviewAt ?? null,
      patients: patients ?? null,
    });
  }
  for (const { careFunction, at, horizon, reconciledAt } of facts.releases) {
    const until = reconciledAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(reconciledAt);
    found.get(map.short(careFunction))?.releases.push({ at: Date.parse(at), horizon, reconciledAt: until });
  }
  return found;
}

/** A hold once folded never changes: each is read once, however often the Board is drawn. */
const spans = new WeakMap<CareFacts['holds'][number], { holdSeconds: number | undefined; span: HoldSpan }>();

function spanOf(hold: CareFacts['holds'][number], holdSeconds: number | undefined): HoldSpan {
  const known = spans.get(hold);
  if (known !== undefined && known.holdSeconds === holdSeconds) return known.span;
  const span = freshSpan(hold, holdSeconds);
  spans.set(hold, { holdSeconds, span });
  return span;
}

function freshSpan(hold: CareFacts['holds'][number], holdSeconds: number | undefined): HoldSpan {
  const from = Date.parse(hold.from);
  const until = Date.parse(hold.until);
  const spellFrom = hold.spellFrom === undefined ? from : Date.parse(hold.spellFrom);
  const bears = holdSeconds === undefined ? undefined : spellFrom + holdSeconds * 1000;
  const limit = hold.limit === undefined ? bears : Date.parse(hold.limit);
  // Confirmations last a shift at most: one that stops before the mode's own limit only waits for the next word.
  const ranOut = limit !== undefined && until >= limit;
  const ended =
    hold.endedBy === 'givenUp' || hold.endedBy === 'servedAgain' ? hold.endedBy : ranOut ? 'ranOut' : 'unconfirmed';
  const to = hold.endedAt === undefined ? until : Math.min(until, Date.parse(hold.endedAt));
  return {
    from,
    to,
    until,
    limit: Math.max(until, limit ?? until),
    ended,
    runsOutFirst: hold.runsOutFirst,
    proved: hold.proved,
  };
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
