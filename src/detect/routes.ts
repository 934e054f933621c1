import { z } from 'zod';
import { type CommandRoute, commandRoute, type ViewRoute } from '../access/route.ts';
import type { DetectCommand } from './decide.ts';

const id = z.string().min(1).max(200);

export const detectRoutes: CommandRoute<z.ZodType, DetectCommand>[] = [
  commandRoute({
    path: 'reports',
    act: 'ward.report',
    wards: ({ ward }) => [ward],
    body: z.strictObject({ careFunction: id, ward: id, works: z.boolean() }),
    command: (body): DetectCommand => ({ type: 'ReportWard', ...body }),
  }),
];

export const detectViews: ViewRoute[] = [{ view: 'alarms', act: 'alarms.see' }];
