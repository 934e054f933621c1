import type { DrillReport } from '../../src/main/drill.ts';
import type { JudgedNight } from '../../src/restore/nights/events.ts';
import type { NightsState } from '../../src/restore/nights/state.ts';
import type { RecoveringComponent } from '../../src/restore/state.ts';
import { PARTS } from '../backups.ts';
import { COMPONENT } from '../reflexe.ts';
import type { NightTaken } from './hospitalLife.ts';

type CleanPoint = DrillReport['cleanPoint'][string];

/** The night Reflexe chose for a component, beside what the intruder did and when: Reflexe was never told. */
export function cleanPointOf(
  { component, snapshot }: RecoveringComponent,
  known: NightsState['components'][string] | undefined,
  nights: readonly NightTaken[],
): CleanPoint | undefined {
  if (snapshot === null) return undefined;
  const { attacked, before } = lastBefore(nights, component);
  const encryptedNights = nights.flatMap(({ time, done }) =>
    Object.values(done).includes('encryption') ? [time] : [],
  );
  return {
    snapshot: snapshot.id,
    horizon: snapshot.horizon,
    attacked,
    isNightBeforeAttacked: before !== undefined && snapshot.id.startsWith(before),
    passedOver: snapshot.passedOver,
    lost: lostBy(snapshot.horizon, known?.nights ?? [], encryptedNights),
    rulesOf: known?.judged?.rulesOf ?? null,
    notExamined: snapshot.notExamined,
  };
}

function lostBy(horizon: string, nights: readonly JudgedNight[], encrypted: readonly string[]): CleanPoint['lost'] {
  const at = new Set(encrypted.map((time) => Date.parse(time)));
  const later = nights.filter(({ time }) => Date.parse(time) > Date.parse(horizon) && !at.has(Date.parse(time)));
  const sum = (of: 'added' | 'changed') => later.reduce((all, { change }) => all + (change?.[of] ?? 0), 0);
  return { nights: later.length, added: sum('added'), changed: sum('changed') };
}

/** The first night that holds something of the intruder's in a component's data, and the snapshot of the night before it, by its short name. */
function lastBefore(
  nights: readonly NightTaken[],
  component: string,
): { attacked: CleanPoint['attacked']; before: string | undefined } {
  const part = PARTS.find((one) => COMPONENT[one] === component);
  let before: string | undefined;
  for (const { time, parts, done } of nights) {
    const backup = parts.find((one) => one.part === part);
    if (part === undefined || backup?.ok !== true) continue;
    const stage = done[part];
    if (stage !== undefined) return { attacked: { night: time, stage }, before };
    before = backup.snapshot;
  }
  return { attacked: null, before };
}
