import { z } from 'zod';
import { type CommandRoute, commandRoute, type ViewRoute } from '../access/route.ts';
import type { RestoreCommand } from './decide.ts';

const id = z.string().min(1).max(200);

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
    body: z.strictObject({ recovery: id, component: id }),
    command: (body): RestoreCommand => ({ type: 'RetryStep', ...body }),
  }),
];

export const restoreViews: ViewRoute[] = [{ view: 'restoration', act: 'restoration.see' }];
