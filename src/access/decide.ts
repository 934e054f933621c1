import { canonical } from '../journal/canonical.ts';
import type { Json, NewEvent } from '../journal/event.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import type { Context } from '../journal/room.ts';
import {
  accessNoted,
  approvalAsked,
  approvalEnded,
  approvalGiven,
  erasureOrdered,
  grantsChanged,
  privateErased,
} from './events.ts';
import { isAct, policy, type Rule } from './policy.ts';
import type { Grant } from './roles.ts';
import type { AccessState, Approval } from './state.ts';

export type AccessCommand =
  | { type: 'NoteAccess'; what: string; person?: string; details: { [name: string]: string | number | boolean | null } }
  | { type: 'ChangeGrants'; person: string; grants: Grant[] }
  /** `inPrivate`: members of what is asked that are a person's own words. */
  | {
      type: 'AskApproval';
      act: string;
      asked: { type: string; [member: string]: Json };
      inPrivate?: { [member: string]: Json };
    }
  | { type: 'GiveApproval'; approval: string; how: 'ownSession' | 'spokenCode'; by: string }
  | { type: 'OrderErasure'; subject: string }
  | { type: 'RecordErasure'; subject: string }
  | { type: 'EndApproval'; approval: string; why: 'declined' | 'expired' };

/** A second person is found within an hour, or the first asks again: what was true may have changed. */
const APPROVAL_MILLISECONDS = 3_600_000;
/** Long enough for colleagues to see in the trail that rights were given. */
const NOMINEE_MILLISECONDS = 24 * 3_600_000;
/** More than a crisis cell can have on its table; beyond it, somebody is playing with the button. */
const APPROVALS_MAX = 50;

export function decide(state: AccessState, command: AccessCommand, context: Context<unknown>): Result<NewEvent[]> {
  const { actor, now } = context;
  switch (command.type) {
    case 'NoteAccess': {
      const { what, person, details } = command;
      return accept([accessNoted.of({ what, details, ...(person === undefined ? {} : { person }) })]);
    }
    case 'ChangeGrants':
      return accept([grantsChanged.of({ person: command.person, grants: command.grants, by: actor })]);
    case 'AskApproval': {
      const { act, asked, inPrivate = {} } = command;
      const whole = { ...asked, ...inPrivate };
      const same = Object.values(state.approvals).find(
        (one) => one.act === act && one.askedBy === actor && sameJson(one.asked, whole),
      );
      // Pressed twice: asked once.
      if (same) return accept([]);
      if (Object.keys(state.approvals).length >= APPROVALS_MAX) return tooManyApprovals;
      const until = new Date(now + APPROVAL_MILLISECONDS).toISOString();
      const approval = context.newId('approval');
      const own = Object.keys(inPrivate).length === 0 ? {} : { private: { subject: approval, data: inPrivate } };
      return accept([approvalAsked.of({ approval, act, asked, askedBy: actor, until }, own)]);
    }
    case 'GiveApproval': {
      const approval = open(state, command.approval, now);
      if (!approval.ok) return approval;
      if (approval.value.askedBy === command.by) return samePerson;
      if (isNominee(state, approval.value, command.by, now)) return nominee;
      return accept([approvalGiven.of({ approval: command.approval, by: command.by, how: command.how })]);
    }
    case 'OrderErasure':
      return accept([erasureOrdered.of({ subject: command.subject, by: actor })]);
    case 'RecordErasure':
      return accept(state.erasures.includes(command.subject) ? [privateErased.of({ subject: command.subject })] : []);
    case 'EndApproval': {
      const { approval } = command;
      const known = state.approvals[approval];
      if (known === undefined) return command.why === 'expired' ? accept([]) : notOpen(approval);
      const why = known.askedBy === actor ? 'withdrawn' : command.why;
      return accept([approvalEnded.of({ approval, why, by: actor })]);
    }
  }
}

/** What time has made due: an approval nobody gave in its hour. */
export const due = (state: AccessState, now: number): AccessCommand[] =>
  Object.values(state.approvals)
    .filter(({ until }) => Date.parse(until) <= now)
    .map(({ approval }) => ({ type: 'EndApproval', approval, why: 'expired' }));

function open(state: AccessState, id: string, now: number): Result<Approval> {
  const approval = state.approvals[id];
  return approval === undefined || Date.parse(approval.until) <= now ? notOpen(id) : accept(approval);
}

const sameJson = (one: Json, other: Json): boolean => canonical(one) === canonical(other);

const notOpen = (approval: string): Result<never> =>
  refuse('approval-not-open', 'Nothing waits for your agreement under this number any more.', {
    where: approval,
    kept: 'Nothing was changed.',
    cure: 'Look at the list: it was answered, withdrawn, or its hour has passed.',
  });

/** Otherwise one person could invite their own second. */
function isNominee(state: AccessState, { act, askedBy }: Approval, by: string, now: number): boolean {
  const rule: Rule | undefined = isAct(act) ? policy[act] : undefined;
  const given = state.given[by.slice(by.indexOf(':') + 1)];
  if (rule?.twoPersons !== 'independent' || given === undefined) return false;
  return given.by === askedBy && now - Date.parse(given.at) < NOMINEE_MILLISECONDS;
}

const samePerson = refuse('approval-same-person', 'The second person must be someone else than the one who asked.', {
  kept: 'It still waits.',
  cure: 'Ask a colleague who may do this act: on their own screen, or by telephone with their code.',
});

const nominee = refuse(
  'approval-own-nominee',
  'This person was given their rights by the one who asks, less than a day ago.',
  {
    kept: 'It still waits.',
    cure: 'Ask somebody whose rights come from someone else, or are older than a day.',
  },
);

const tooManyApprovals = refuse('too-many-approvals', 'Too many acts wait for a second person.', {
  expected: `at most ${APPROVALS_MAX}`,
  kept: 'Those that wait still do.',
  cure: 'Answer or withdraw some of them first.',
  retryable: true,
});
