import type { CompiledMap } from '../compile.ts';
import { type Chains, chainsOf } from './chains.ts';
import { declaredTime, type MeasuredReturn, measuredTime, type OwnTime } from './ownTimes.ts';

export type { MeasuredReturn } from './ownTimes.ts';

/** By component, short id. */
export interface MeasuredReturns {
  readonly [component: string]: MeasuredReturn;
}

/** One component on the chain that decides when a care function is back; `time` is null where nobody said. */
export interface ChainStep {
  component: string;
  time: OwnTime | null;
  /** Reached through this one: they are a ring and start together, and `component` is the last of it to stand. */
  with: string | null;
}

/** When a care function could be back, counted from the moment all it lost begins to be brought back. */
export interface Return {
  /** Null: something in the way has no time; then `atLeastSeconds` is all that can be said. */
  seconds: number | null;
  atLeastSeconds: number;
  /** From the care function down. Its times add up to `seconds`, or to `atLeastSeconds` where that is unknown. */
  chain: ChainStep[];
  /** Components in the way without a time. */
  unknown: string[];
}

export interface ReturnTime {
  /** From what was declared or promised alone. */
  declared: Return;
  /** From what was measured, and declared where nothing was; null where nothing it rests on was ever measured. */
  measured: Return | null;
}

export interface ReturnOptions {
  /** What was lost: only that takes time to return. By default everything. */
  lost?: ReadonlySet<string>;
  /** YYYY-MM-DD: contracts that are not in force on that day promise nothing. */
  today?: string;
}

/**
 * When each care function could be back, all of it lost at once: the longest chain of its needs, where a component begins once all it
 * needs is there, and what does not wait for one another goes in parallel (the critical path of Kelley and Walker 1959, with the k-th
 * quickest where k of several are enough). People, hands and bandwidth are taken to suffice: a schedule says what they change.
 */
export function returnTimes(
  map: CompiledMap,
  measured: MeasuredReturns = {},
  { lost, today }: ReturnOptions = {},
): ReadonlyMap<string, ReturnTime> {
  const { declared, known } = ownTimes(map, measured, today);
  const isLost = (id: string) => lost === undefined || lost.has(id);
  const along = (own: (id: string) => OwnTime | null): Chains =>
    chainsOf(map, (id) => (isLost(id) ? (own(id)?.seconds ?? null) : 0), 'afterNeeds');
  const asDeclared = along(declared);
  const isMeasured = Object.keys(measured).length > 0;
  const asKnown = isMeasured ? along(known) : asDeclared;
  const rests = isMeasured ? restsOnAny(map, (id) => measured[id] !== undefined) : () => false;
  return new Map(
    [...map.careFunctions.keys()].map((id) => [
      id,
      {
        declared: returnOf(asDeclared, id, declared, isLost),
        measured: rests(id) ? returnOf(asKnown, id, known, isLost) : null,
      },
    ]),
  );
}

/** When each thing could be back, in seconds from when all that was lost begins to be brought back; measured before declared. */
export function backBetween(
  map: CompiledMap,
  measured: MeasuredReturns,
  { lost, today }: ReturnOptions,
): Pick<Chains, 'atLeast' | 'atMost'> {
  const { known } = ownTimes(map, measured, today);
  return chainsOf(map, (id) => (lost === undefined || lost.has(id) ? (known(id)?.seconds ?? null) : 0), 'afterNeeds');
}

/** How long each component takes by itself: as declared or promised, and as measured where it was. */
function ownTimes(map: CompiledMap, measured: MeasuredReturns, today: string | undefined) {
  const promised = new Map<string, OwnTime | null>();
  const declared = (id: string): OwnTime | null => {
    const told = promised.get(id);
    const component = map.components.get(id);
    if (told !== undefined || component === undefined) return told ?? null;
    const fresh = declaredTime(map, component, today);
    promised.set(id, fresh);
    return fresh;
  };
  const known = (id: string): OwnTime | null => {
    const seen = measured[id];
    return seen === undefined ? declared(id) : measuredTime(seen);
  };
  return { declared, known };
}

function returnOf(
  chains: Chains,
  id: string,
  own: (id: string) => OwnTime | null,
  isLost: (id: string) => boolean,
): Return {
  const most = chains.atMost(id);
  const isKnown = most < Number.POSITIVE_INFINITY;
  return {
    seconds: isKnown ? most : null,
    atLeastSeconds: chains.atLeast(id),
    // What stayed up is passed through without a time: it is on the chain, and not part of it.
    chain: chains
      .chain(id)
      .filter(({ component }) => isLost(component))
      .map(({ component, with: through }) => ({ component, time: own(component), with: through })),
    unknown: isKnown ? [] : chains.unsaidUnder(id),
  };
}

/** Whether something it is, or rests on, is one of those. */
function restsOnAny(map: CompiledMap, isOne: (component: string) => boolean): (id: string) => boolean {
  const found = new Set<string>();
  const waiting = [...map.components.keys()].filter(isOne);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...map.neededBy(id));
  }
  return (id) => found.has(id);
}
