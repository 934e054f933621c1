import { type AlarmChange, type Placed, settleAlarms } from './alarmSettling.ts';
import type { DependencyGraph } from './dependencies.ts';
import { groupLosses, type Loss } from './grouping.ts';
import { entries, find, isEmpty } from './shelves.ts';
import type { DetectState, Lost, OpenAlarm } from './state.ts';
import { withUnseenRoots } from './suspects.ts';

/**
 * How long losses gather before an alarm speaks of them: a failing switch makes hundreds of checks fail within a second or
 * two, and one alarm that names the switch is worth more than the first of two hundred two seconds earlier. P.
 */
export const GATHERING_MILLISECONDS = 2000;

/** What alarms must say now, given what is lost. Empty when all is said; once obeyed, it asks for nothing more. */
export function alarmChanges(state: DetectState, now: number, map: DependencyGraph): AlarmChange[] {
  const alarms = Object.values(state.alarms);
  if (isEmpty(state.lost) && alarms.length === 0 && Object.keys(state.signs).length === 0) return [];
  const lost = new Map(entries(state.lost));
  const over = alarms.filter((alarm) =>
    alarm.components.every((component) => !lost.has(component) && state.signs[component] === undefined),
  );
  const standing = alarms.filter((alarm) => !over.includes(alarm));
  const cleared = over.map(({ alarm }): AlarmChange => ({ change: 'clear', alarm }));
  if (!hasGathered(state, standing, lost, now)) return cleared;
  const rank = new Map(map.careFunctions.map(({ id }, index) => [id, index]));
  const inClinicalOrder = (one: string, other: string) => (rank.get(one) ?? rank.size) - (rank.get(other) ?? rank.size);
  const settled = settleAlarms(standing, placedGroups(state, lost, now, map), Object.keys(state.signs));
  return [
    ...cleared,
    ...settled.map((change) =>
      'careFunctions' in change ? { ...change, careFunctions: change.careFunctions.toSorted(inClinicalOrder) } : change,
    ),
  ];
}

/** Something no alarm speaks of yet, and the first of it long enough ago. */
function hasGathered(
  state: DetectState,
  standing: readonly OpenAlarm[],
  lost: ReadonlyMap<string, Lost>,
  now: number,
): boolean {
  const covered = new Set(standing.flatMap((alarm) => alarm.components));
  const signed = new Set(standing.filter((alarm) => alarm.cause === 'ransomwareSign').flatMap((alarm) => alarm.roots));
  const seen = [
    ...[...lost].filter(([component, loss]) => raises(loss) && !covered.has(component)).map(([, loss]) => loss.seenAt),
    ...Object.entries(state.signs).flatMap(([component, signs]) =>
      signed.has(component) ? [] : signs.map((sign) => sign.seenAt),
    ),
  ];
  return seen.some((at) => now - Date.parse(at) >= GATHERING_MILLISECONDS);
}

/**
 * Losses that call someone. Degraded alone does not: it shows on the board; but a UPS on battery does, for it is a loss to
 * come. What is being restored is already somebody's work.
 */
function raises(loss: Lost): boolean {
  return loss.state === 'degraded' ? isOnBattery(loss) : loss.state !== 'restoring';
}

const isOnBattery = (loss: Lost): boolean =>
  loss.evidence.kind === 'power' &&
  (loss.evidence.code === 'ups-on-battery' || loss.evidence.code === 'ups-low-battery');

/** Losses and signs grouped by root cause, each group with what an alarm about it would say. */
function placedGroups(
  state: DetectState,
  lost: ReadonlyMap<string, Lost>,
  now: number,
  map: DependencyGraph,
): Placed[] {
  const losses = [...lost]
    .filter(([, loss]) => raises(loss) || loss.state === 'restoring')
    .map(
      ([component, loss]): Loss => ({
        component,
        since: Date.parse(loss.since),
        unavailable: loss.state !== 'degraded',
      }),
    );
  const listed = new Set(losses.map((loss) => loss.component));
  for (const [component, signs] of Object.entries(state.signs)) {
    // What shows a sign may still answer: nothing is lost by it yet, but what depends on it is at risk.
    const since = Math.min(...signs.map((sign) => Date.parse(sign.since)));
    if (!listed.has(component)) losses.push({ component, since, unavailable: false });
  }
  const surroundings = {
    ...map,
    isObserved: (component: string) => lost.has(component) || find(state.up, component) !== undefined,
    isUp: (component: string) => find(state.up, component) !== undefined,
  };
  return withUnseenRoots(groupLosses(losses, map, now), surroundings).map((group): Placed => {
    const members = group.members.flatMap((component) => lost.get(component) ?? []);
    const roots = group.roots.flatMap((component) => lost.get(component) ?? []);
    const sinces = [...members, ...group.members.flatMap((component) => state.signs[component] ?? [])].map(
      (one) => one.since,
    );
    // A root that nobody watches says nothing of itself: what hangs on it does.
    const said = roots.length > 0 ? roots : members;
    const unknown = said.length > 0 && said.every((loss) => loss.state === 'unknown');
    return {
      ...group,
      cause: members.some(isOnBattery) ? 'powerOnBattery' : unknown ? 'unknown' : 'componentLost',
      since: sinces.toSorted()[0] ?? '',
      raises: group.members.filter((component) => {
        const loss = lost.get(component);
        return loss === undefined || raises(loss);
      }),
      signed: group.members.some((component) => state.signs[component] !== undefined),
    };
  });
}
