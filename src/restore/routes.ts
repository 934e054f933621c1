import { z } from 'zod';
import { type CommandRoute, commandRoute, type ViewRoute } from '../access/route.ts';
import type { RestoreCommand } from './decide.ts';

const id = z.string().min(1).max(200);
const components = z.array(id).min(1).max(1000);
const moment = z.iso.datetime({ offset: true });

export const restoreRoutes: CommandRoute<z.ZodType, RestoreCommand>[] = [
  commandRoute({
    path: 'releases',
    act: 'function.release',
    body: z.strictObject({ recovery: id, careFunction: id }),
    command: (body): RestoreCommand => ({ type: 'Release', ...body }),
  }),
  commandRoute({
    path: 'recoveries',
    act: 'recovery.plan',
    body: z.strictObject({ incident: id }),
    command: (body): RestoreCommand => ({ type: 'PlanRecovery', ...body }),
  }),
  commandRoute({
    path: 'recoveries/retry',
    act: 'recovery.retry',
    body: z.strictObject({ recovery: id, component: id, olderNight: z.boolean().default(false) }),
    command: (body): RestoreCommand => ({ type: 'RetryStep', ...body }),
  }),
  commandRoute({
    path: 'nights/judge',
    act: 'night.judge',
    body: z.strictObject({ components }),
    command: (body): RestoreCommand => ({ type: 'AskJudging', because: 'person', ...body }),
  }),
  commandRoute({
    path: 'nights/schedule',
    act: 'night.schedule',
    body: z.strictObject({
      time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM'),
      weekday: z.number().int().min(0).max(6),
    }),
    command: (body): RestoreCommand => ({ type: 'ScheduleNight', ...body }),
  }),
  commandRoute({
    path: 'proofs',
    act: 'proof.ask',
    body: z.strictObject({ components }),
    command: (body): RestoreCommand => ({ type: 'AskProof', ...body }),
  }),
  commandRoute({
    path: 'proofs/end',
    act: 'proof.ask',
    body: z.strictObject({ recovery: id }),
    command: (body): RestoreCommand => ({ type: 'EndProof', because: 'person', ...body }),
  }),
  commandRoute({
    path: 'compromise',
    act: 'compromise.date',
    body: z.strictObject({ component: id.nullable(), since: moment }),
    command: (body): RestoreCommand => ({ type: 'DateCompromise', mayWeaken: false, ...body }),
  }),
  commandRoute({
    path: 'compromise/withdraw',
    act: 'compromise.withdraw',
    body: z.strictObject({ component: id.nullable(), since: moment.nullable() }),
    command: (body): RestoreCommand => ({ type: 'DateCompromise', mayWeaken: true, ...body }),
  }),
  // What is explained is read in the night first: that act is the hub's (server/signRoutes.ts).
  commandRoute({
    path: 'signs/unexplain',
    act: 'sign.unexplain',
    body: z.strictObject({ component: id, rule: id, reason: z.string().min(1).max(1000) }),
    command: (body): RestoreCommand => ({ type: 'WithdrawExplanation', ...body }),
  }),
];

export const restoreViews: ViewRoute[] = [
  { view: 'restoration', act: 'restoration.see' },
  { view: 'backups', act: 'restoration.see' },
];
