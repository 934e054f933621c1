import type { CareGap } from '../care.ts';
import type { CompiledMap } from '../compile.ts';
import { isLost } from '../needs/level.ts';
import type { Supplies } from '../needs/supplies.ts';
import { gapBetween } from './careGap.ts';
import type { CareHistory, HoldSpan, ReadFacts } from './history.ts';
import { type CareOverTime, overTime } from './overTime.ts';

/**
 * The care gap of losses nobody has answered yet, between two instants (ms). At most: no ward holds, and what was lost returns
 * as late as the times on record allow. Certain: it returns as soon as they allow, and every ward that has a degraded mode
 * holds with it from its loss, for as long as the mode is said to last.
 */
export function gapAfterLoss(
  map: CompiledMap,
  supplies: { soonest: Supplies; latest: Supplies },
  from: number,
  to: number,
): CareGap {
  const read = (supply: Supplies, careFunctions: ReadFacts['careFunctions']): ReadFacts => {
    return { map, supplies: supply, last: new Map(), firstSeen: from, careFunctions };
  };
  const high = gapBetween(map, overTime(read(supplies.latest, new Map()), from, to).functions, from, to);
  const { functions } = overTime(read(supplies.soonest, new Map()), from, to);
  const held = new Map(functions.map((one) => [one.care.id, holding(one, from)]));
  const low = gapBetween(map, overTime(read(supplies.soonest, held), from, to).functions, from, to);
  const tier = (which: '1' | '2' | '3') => ({ low: low.byTier[which].low, high: high.byTier[which].high });
  return { byTier: { '1': tier('1'), '2': tier('2'), '3': tier('3') }, unknownMinutes: high.unknownMinutes };
}

/** Every ward of a care function holding from its loss until its degraded mode runs out. */
function holding({ care, wards }: CareOverTime, from: number): CareHistory {
  const holds = new Map<string, HoldSpan[]>();
  const mode = care.degradedMode;
  for (const { ward, level } of wards) {
    const step = level.at.findIndex((at, i) => isLost(level.level[i] ?? 0) && (level.at[i + 1] ?? at + 1) > from);
    if (mode === undefined || step < 0) continue;
    const lostAt = Math.max(from, level.at[step] ?? from);
    const until = lostAt + mode.holdSeconds * 1000;
    const { runsOutFirst } = mode;
    const proved = mode.provedOn !== undefined;
    holds.set(ward, [{ from: lostAt, to: until, until, limit: until, ended: 'ranOut', runsOutFirst, proved }]);
  }
  return { holds, reports: new Map(), decisions: [], releases: [] };
}
