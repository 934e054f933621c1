import { z } from 'zod';
import { type CommandRoute, commandRoute, type ViewRoute } from '../access/route.ts';
import type { ActivateCommand } from './decide.ts';
import { ActivationLevel } from './events.ts';

const id = z.string().min(1).max(200);
const held = z.strictObject({ careFunction: id, ward: id });

export const activateRoutes: CommandRoute<z.ZodType, ActivateCommand>[] = [
  commandRoute({
    path: 'holds',
    act: 'hold.confirm',
    wards: ({ ward }) => [ward],
    body: held,
    command: (body): ActivateCommand => ({ type: 'ConfirmHold', ...body }),
  }),
  commandRoute({
    path: 'holds/extend',
    act: 'hold.extend',
    wards: ({ ward }) => [ward],
    body: held.extend({ reason: z.string().min(1).max(1000) }),
    command: (body): ActivateCommand => ({ type: 'ExtendHold', ...body }),
  }),
  commandRoute({
    path: 'holds/end',
    act: 'hold.end',
    wards: ({ ward }) => [ward],
    body: held,
    command: (body): ActivateCommand => ({ type: 'EndHold', reason: 'givenUp', ...body }),
  }),
  commandRoute({
    path: 'levels',
    act: 'incident.level',
    body: z.strictObject({ incident: id, level: ActivationLevel }),
    command: (body): ActivateCommand => ({ type: 'ChangeLevel', ...body }),
    thing: (body) => body.incident,
  }),
  commandRoute({
    path: 'steps',
    act: 'step.finish',
    body: z.strictObject({ incident: id, plan: id, step: id, outcome: z.enum(['done', 'skipped']) }),
    command: (body): ActivateCommand => ({ type: 'FinishStep', ...body }),
  }),
  commandRoute({
    path: 'roles',
    act: 'role.take',
    body: z.strictObject({ incident: id, role: id }),
    command: (body): ActivateCommand => ({ type: 'TakeRole', ...body }),
  }),
  commandRoute({
    path: 'log',
    act: 'log.write',
    body: z.strictObject({
      incident: id,
      kind: z.enum(['fact', 'decision', 'action', 'message']),
      text: z.string().min(1).max(4000),
      corrects: z.number().int().positive().optional(),
    }),
    command: ({ corrects, ...body }): ActivateCommand => ({
      type: 'WriteLog',
      ...body,
      ...(corrects === undefined ? {} : { corrects }),
    }),
  }),
  commandRoute({
    path: 'decisions',
    act: 'activity.decide',
    body: z.strictObject({
      careFunction: id,
      wards: z.array(id).min(1).max(500),
      decision: z.enum(['diverted', 'reduced', 'resumed']),
      reviewAt: z.iso.datetime().optional(),
      patients: z.number().int().nonnegative().optional(),
    }),
    command: ({ reviewAt, patients, ...body }): ActivateCommand => ({
      type: 'DecideActivity',
      ...body,
      ...(reviewAt === undefined ? {} : { reviewAt }),
      ...(patients === undefined ? {} : { patients }),
    }),
  }),
  commandRoute({
    path: 'estimates',
    act: 'return.estimate',
    body: z.strictObject({ careFunction: id, p50: z.iso.datetime(), p90: z.iso.datetime() }),
    command: (body): ActivateCommand => ({ type: 'EstimateReturn', ...body }),
  }),
  commandRoute({
    path: 'incidents/close',
    act: 'incident.close',
    body: z.strictObject({ incident: id }),
    command: (body): ActivateCommand => ({ type: 'CloseIncident', ...body }),
    thing: (body) => body.incident,
  }),
  commandRoute({
    path: 'incidents/merge',
    act: 'incident.merge',
    body: z.strictObject({ incident: id, into: id }),
    command: (body): ActivateCommand => ({ type: 'MergeIncident', ...body }),
    thing: (body) => body.incident,
  }),
];

export const activateViews: ViewRoute[] = [{ view: 'incidents', act: 'incidents.see' }];
