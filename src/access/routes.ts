import { z } from 'zod';
import type { AccessCommand } from './decide.ts';
import { type CommandRoute, commandRoute, type ViewRoute } from './route.ts';

const approval = z.string().min(1).max(200);

/** Agreeing is no plain command: it asks who may do the act itself (server/approvalRoutes.ts). */
export const accessRoutes: CommandRoute<z.ZodType, AccessCommand>[] = [
  commandRoute({
    path: 'approvals/decline',
    act: 'approval.give',
    body: z.strictObject({ approval }),
    command: (body): AccessCommand => ({ type: 'EndApproval', why: 'declined', ...body }),
  }),
  commandRoute({
    path: 'erasures',
    act: 'private.erase',
    body: z.strictObject({ subject: z.string().min(1).max(200) }),
    command: (body): AccessCommand => ({ type: 'OrderErasure', ...body }),
  }),
];

export const accessViews: ViewRoute[] = [
  { view: 'approvals', act: 'approval.see' },
  { view: 'audit', act: 'audit.see' },
];
