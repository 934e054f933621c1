import type { Json } from '../journal/event.ts';
import type { AccessState, AuditLine } from './state.ts';

/** Acts that wait for a second person, oldest first. People by actor (`person:<id>`). */
export interface ApprovalsView {
  approvals: {
    approval: string;
    act: string;
    asked: { [member: string]: Json };
    askedBy: string;
    at: string;
    until: string;
  }[];
}

/** The latest lines of the audit trail, newest first. */
export interface AuditView {
  lines: AuditLine[];
}

export const approvalsView = ({ approvals }: AccessState): ApprovalsView => ({
  approvals: Object.values(approvals).sort((one, other) => one.at.localeCompare(other.at)),
});

export const auditView = ({ audit }: AccessState): AuditView => ({ lines: audit.toReversed() });
