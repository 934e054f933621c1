import { z } from 'zod';
import { Words } from '../map/model.ts';
import { PlanStep } from './events.ts';

/** A standard plan: what starts it, and its action card. A later issue reads and writes CACAO 2.0. */
export const Plan = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    name: Words,
    /** Causes of alarm that start it by themselves; a plan without any is started by a person. */
    startsOn: z.array(z.enum(['componentLost', 'ransomwareSign', 'powerOnBattery', 'unknown'])).default([]),
    steps: z.array(PlanStep).min(1),
  })
  .superRefine((plan, context) => {
    const known = new Set<string>();
    for (const [index, step] of plan.steps.entries()) {
      if (known.has(step.id))
        context.addIssue({ code: 'custom', path: ['steps', index, 'id'], message: `step ${step.id} stands twice` });
      for (const before of step.after) {
        if (!known.has(before)) {
          context.addIssue({
            code: 'custom',
            path: ['steps', index, 'after'],
            message: `step ${before} must stand before ${step.id}`,
          });
        }
      }
      if (step.kind === 'automatic' && step.action === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['steps', index, 'action'],
          message: 'an automatic step names its action',
        });
      }
      known.add(step.id);
    }
  });
export type Plan = z.infer<typeof Plan>;

export const Plans = z.strictObject({ version: z.literal(1), plans: z.array(Plan) });
export type Plans = z.infer<typeof Plans>;
