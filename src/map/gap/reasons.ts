import type { CareState, WardState } from '../care.ts';
import type { CareFunction } from '../model.ts';
import { isLost, low, served } from '../needs/level.ts';
import { levelAt } from '../needs/signal.ts';
import type { ReadFacts } from './history.ts';
import { decisionsOn, lastBefore, type WardCare } from './wardCare.ts';
import { covers } from './wardSupply.ts';

type Reason = WardState['because'][number];

/** Root causes named for one ward: a person reads a few, the map shows the rest. */
const rootsShown = 8;

/** What established the state of one ward, most decisive first. `roots`: root causes of a component or care function. */
export function reasonsOf(
  facts: ReadFacts,
  care: CareFunction,
  ward: WardCare,
  state: CareState,
  now: number,
  roots: (id: string) => readonly string[],
): Reason[] {
  const reasons: Reason[] = [];
  const history = facts.careFunctions.get(care.id);
  const level = levelAt(ward.level, now);
  if (state === 'notNeeded') reasons.push({ code: 'outside-calendar' });
  if (state === 'diverted') {
    const decision = lastBefore(decisionsOn(history, ward.ward), now)?.decision;
    reasons.push({ code: decision === 'reduced' ? 'decided-reduced' : 'decided-diverted' });
  }
  if (covers(ward.broken, now)) reasons.push({ code: 'ward-says-broken' });
  if (state === 'held') reasons.push({ code: 'hold-confirmed' });
  if (state === 'gap' || state === 'toConfirm') reasons.push(...wordReason(facts, care, ward, state, now));
  if (ward.released.some(({ from, to }) => from <= now && now < to)) reasons.push({ code: 'released' });
  else reasons.push(...supplyReasons(facts, care, ward, now, roots));
  if (low(level) > 0 && lastBefore(history?.reports.get(ward.ward) ?? [], now)?.works === true) {
    reasons.push({ code: 'ward-says-works' });
  }
  if (!accessTested(ward, now)) reasons.push({ code: 'access-not-tested' });
  return reasons;
}

export const accessTested = (ward: WardCare, now: number): boolean =>
  ward.access !== null && low(levelAt(ward.access, now)) > 0;

/** What the ward last said of the present loss. */
function wordReason(facts: ReadFacts, care: CareFunction, ward: WardCare, state: CareState, now: number): Reason[] {
  const holds = facts.careFunctions.get(care.id)?.holds.get(ward.ward) ?? [];
  const last = holds.findLast((hold) => hold.from <= now);
  const began = ward.timeline.at.findLast((at) => at <= now) ?? now;
  // The hold that this state follows: an older one belongs to another loss.
  const ended = last !== undefined && last.to === began ? last.ended : undefined;
  if (ended === 'givenUp') return [{ code: 'hold-given-up' }];
  if (ended === 'ranOut' || ended === 'unconfirmed') return [{ code: 'hold-expired' }];
  return state === 'toConfirm' ? [{ code: 'no-word-yet' }] : [];
}

function supplyReasons(
  facts: ReadFacts,
  care: CareFunction,
  ward: WardCare,
  now: number,
  roots: (id: string) => readonly string[],
): Reason[] {
  const supply = levelAt(facts.supplies.of(care.id), now);
  const named = (ids: readonly string[]) => ids.slice(0, rootsShown).map((id) => componentReason(facts, id));
  const unreachable = ward.access !== null && isLost(levelAt(ward.access, now));
  const points = facts.map.wards.get(ward.ward)?.accessPoints ?? [];
  const access = unreachable ? named([...new Set(points.flatMap((point) => roots(facts.map.short(point))))]) : [];
  if (supply === served) return unreachable ? access : [{ code: 'needs-met' }];
  const code = isLost(supply) ? 'needs-lost' : low(supply) > 0 ? 'needs-partly-met' : 'needs-unknown';
  return [{ code }, ...named(roots(care.id)), ...access];
}

function componentReason(facts: ReadFacts, component: string): Reason {
  const seen = facts.last.get(component);
  if (seen === undefined) return { code: 'not-yet-observed', component };
  return { code: seen.code === '' ? `component-${seen.state}` : seen.code, component };
}
