import type { Json } from '../journal/event.ts';
import { acts, type Right, rightTo } from './policy.ts';
import type { AccessState, AuditLine } from './state.ts';

export { roles } from './roleNames.ts';

/** The whole policy, a row an act. */
export const policyRows = acts.map(rightTo) satisfies Right[];

/** Acts that wait for a second person, oldest first. People by actor (`person:<id>`). Lists in what is asked are for the room that does it. */
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
  approvals: Object.values(approvals)
    .map((approval) => ({ ...approval, asked: withoutLists(approval.asked) }))
    .sort((one, other) => one.at.localeCompare(other.at)),
});

const withoutLists = (asked: { [member: string]: Json }): { [member: string]: Json } =>
  Object.fromEntries(Object.entries(asked).filter(([, value]) => !Array.isArray(value)));

export const auditView = ({ audit }: AccessState): AuditView => ({ lines: audit.toReversed() });
