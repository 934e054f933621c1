import type { Json, RecordedEvent } from '../journal/event.ts';
import type { AccessRoomEvent } from './events.ts';
import type { Grant } from './roles.ts';

export interface Approval {
  approval: string;
  act: string;
  asked: { type: string; [member: string]: Json };
  askedBy: string;
  at: string;
  until: string;
}

/** One line of the audit trail. */
export interface AuditLine {
  sequence: number;
  at: string;
  actor: string;
  what: string;
  person: string | null;
  details: { [name: string]: Json };
}

export interface AccessState {
  /** What each person was last given. */
  grants: { [person: string]: Grant[] };
  /** Who gave them, and when. */
  given: { [person: string]: { by: string; at: string } };
  /** Asked, not answered yet. */
  approvals: { [approval: string]: Approval };
  /** The latest lines, oldest first; the journal has all of them. */
  audit: AuditLine[];
  /** Subjects whose key is still to be erased. */
  erasures: string[];
}

/** What a screen can show and a snapshot carry; older ones are read in the journal. */
export const auditLinesMax = 500;

export const initialAccessState: AccessState = { grants: {}, given: {}, approvals: {}, audit: [], erasures: [] };

export function evolve(state: AccessState, recorded: RecordedEvent): AccessState {
  const event = recorded as AccessRoomEvent;
  switch (event.type) {
    case 'AccessNoted':
      return noted(state, recorded, event.data.what, event.data.person ?? null, event.data.details);
    case 'GrantsChanged': {
      const { person, grants } = event.data;
      const given = { ...state.given, [person]: { by: event.data.by, at: event.time } };
      const next = { ...state, grants: { ...state.grants, [person]: grants }, given };
      return noted(next, recorded, 'grantsChanged', person, { grants: grants.map(told).join(', ') });
    }
    case 'ApprovalAsked': {
      const { data, time: at } = event;
      // Erased words are missed by nobody but the reader.
      const asked = { ...data.asked, ...event.private } as Approval['asked'];
      const next = { ...state, approvals: { ...state.approvals, [data.approval]: { ...data, asked, at } } };
      return noted(next, recorded, 'approvalAsked', data.askedBy, { approval: data.approval, act: data.act });
    }
    case 'ApprovalGiven':
      return noted(without(state, event.data.approval), recorded, 'approvalGiven', event.data.by, {
        approval: event.data.approval,
        how: event.data.how,
      });
    case 'ApprovalEnded':
      return noted(without(state, event.data.approval), recorded, 'approvalEnded', event.data.by, {
        approval: event.data.approval,
        why: event.data.why,
      });
    case 'ErasureOrdered': {
      const { subject, by } = event.data;
      const next = { ...state, erasures: [...state.erasures.filter((one) => one !== subject), subject] };
      return noted(next, recorded, 'erasureOrdered', by, { subject });
    }
    case 'PrivateErased': {
      const { subject } = event.data;
      const next = { ...state, erasures: state.erasures.filter((one) => one !== subject) };
      return noted(next, recorded, 'privateErased', null, { subject });
    }
    default:
      return state;
  }
}

/** `clinician@icu`: short, in ids. */
function told(grant: Grant): string {
  if (grant.scope === 'establishment') return grant.role;
  return `${grant.role}@${grant.scope === 'ward' ? grant.ward : grant.site}`;
}

function without(state: AccessState, approval: string): AccessState {
  const { [approval]: _answered, ...approvals } = state.approvals;
  return { ...state, approvals };
}

function noted(
  state: AccessState,
  { sequence, time: at, actor }: RecordedEvent,
  what: string,
  person: string | null,
  details: AuditLine['details'],
): AccessState {
  const line: AuditLine = { sequence, at, actor, what, person, details };
  return { ...state, audit: [...state.audit.slice(-(auditLinesMax - 1)), line] };
}
