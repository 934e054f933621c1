import type { HospitalMap } from '../../map/model.ts';
import type { NightsCommand } from '../nights/decide.ts';
import { isAsked } from '../nights/decide.ts';
import { needsIsolationProof } from '../progress.ts';
import type { RestoreState } from '../state.ts';
import { type ProofCommand, provable } from './decide.ts';
import { isThrough } from './progress.ts';
import { lastAt } from './schedule.ts';

const MINUTE = 60_000;
/** A hub that was off at the hour begins no later than this after it: the day's work needs its disks. */
const LATE_MILLISECONDS = 3 * 60 * MINUTE;
/** A proof that has not ended by then never will. */
const PROOF_MILLISECONDS = 8 * 60 * MINUTE;
/** Nobody comes at night to start the helper. */
const NO_ROOM_MILLISECONDS = 15 * MINUTE;

/** Proofs that are through, or that something ends. */
export function dueOfProofs(state: RestoreState, now: number): ProofCommand[] {
  return Object.values(state.recoveries).flatMap((recovery): ProofCommand[] => {
    if (recovery.proof === null) return [];
    const end = (because: 'done' | 'incident' | 'late' | 'no-room'): ProofCommand[] => [
      { type: 'EndProof', recovery: recovery.recovery, because },
    ];
    const since = now - Date.parse(recovery.plannedAt);
    if (Object.keys(state.incidents).length > 0) return end('incident');
    if (isThrough(recovery) && !needsIsolationProof(recovery)) return end('done');
    if (recovery.room === null && since > NO_ROOM_MILLISECONDS) return end('no-room');
    return since > PROOF_MILLISECONDS ? end('late') : [];
  });
}

/** At the hour the nights are judged; once they are, the night's proof begins. Nothing of it while an incident is open. */
export function dueAtNight(
  state: RestoreState,
  now: number,
  document: HospitalMap | null,
): (NightsCommand | ProofCommand)[] {
  const { nights, proofs } = state;
  const components = Object.keys(proofs.means);
  if (document === null || components.length === 0 || Object.keys(state.incidents).length > 0) return [];
  const { at, weekday } = lastAt(proofs.schedule.time, document.establishment.timeZone, now);
  const isSince = (instant: string | null) => instant !== null && Date.parse(instant) >= at;
  if (!isSince(nights.passAskedAt))
    return now - at > LATE_MILLISECONDS ? [] : [{ type: 'AskJudging', components, because: 'night' }];
  if (isSince(proofs.nightBegunAt) || Object.keys(proofs.proofs).length > 0) return [];
  if (components.some((component) => isAsked(nights, component)) || now - at > PROOF_MILLISECONDS) return [];
  if (Object.values(state.recoveries).some(({ closed }) => closed === null)) return [];
  if (provable(state, document).length === 0) return [];
  return [{ type: 'BeginProof', scope: weekday === proofs.schedule.weekday ? 'whole' : 'sample' }];
}
