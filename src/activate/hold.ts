import type { NewEvent } from '../journal/event.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import type { Context } from '../journal/room.ts';
import type { ActivateCommand, Shared } from './decide.ts';
import { holdConfirmed } from './events.ts';
import { careFunctionOn } from './expect.ts';
import { privateText } from './privateText.ts';
import { type ActivateState, type Hold, holdKey } from './state.ts';

/** A confirmation of a ward lasts one shift at most: whoever comes on duty says it again. P: shifts of 8 h. */
export const SHIFT_SECONDS = 8 * 3600;

export function confirmHold(
  state: ActivateState,
  command: Extract<ActivateCommand, { type: 'ConfirmHold' | 'ExtendHold' }>,
  context: Context<Shared>,
): Result<NewEvent[]> {
  const known = careFunctionOn(context.shared.document, command.careFunction, [command.ward]);
  if (!known.ok) return known;
  const mode = known.value.degradedMode;
  if (mode === undefined) {
    return refuse('hold-without-mode', 'No degraded mode is written for this care function: nothing can hold it.', {
      where: command.careFunction,
      cure: 'Write its degraded mode on the map, or decide to divert or reduce.',
    });
  }
  const spell: Hold | undefined = state.holds[holdKey(command.careFunction, command.ward)];
  const reason = command.type === 'ExtendHold' ? privateText(command.reason) : undefined;
  if (reason?.text === '')
    return refuse('reason-missing', 'A hold is extended with a reason.', {
      where: command.careFunction,
      expected: 'a sentence that says why',
    });
  const full = context.now + mode.holdSeconds * 1000;
  const limit = reason !== undefined || spell === undefined ? full : Date.parse(spell.limit);
  if (limit <= context.now) {
    return refuse('hold-exhausted', 'The degraded mode has been held for as long as it can.', {
      where: `${command.careFunction} · ${command.ward}`,
      expected: `at most ${Math.round(mode.holdSeconds / 60)} min`,
      cure: 'A named clinician may extend it with a reason, or decide to divert or reduce.',
    });
  }
  const held = holdConfirmed.of(
    {
      careFunction: command.careFunction,
      ward: command.ward,
      from: iso(context.now),
      until: iso(Math.min(limit, context.now + SHIFT_SECONDS * 1000)),
      limit: iso(limit),
      extended: reason !== undefined,
      runsOutFirst: mode.runsOutFirst,
      proved: mode.provedOn !== undefined,
    },
    reason === undefined ? undefined : { private: { subject: incidentOf(state, command.careFunction), data: reason } },
  );
  return accept([held]);
}

/** Whose key covers what is said of a care function: its open incident's. */
const incidentOf = (state: ActivateState, careFunction: string): string =>
  Object.values(state.incidents).find(
    (incident) => incident.closedAt === null && incident.careFunctions.includes(careFunction),
  )?.incident ?? 'holds';

const iso = (ms: number): string => new Date(ms).toISOString();
