import { z } from 'zod';

/** A refusal that came from another process. */
export const RefusalShape = z.object({
  code: z.string(),
  message: z.string(),
  where: z.string().optional(),
  expected: z.string().optional(),
  kept: z.string().optional(),
  cure: z.string().optional(),
  retryable: z.boolean(),
});
