import { z } from 'zod';

/**
 * What a tool said last time, thing by thing, in the map's own ids: what a person changed since is told apart from what the
 * tool changed. Kept beside the map; without it, what differs is a conflict.
 */
export const ImportMemory = z.strictObject({
  from: z.string(),
  /** By section, then by the tool's key. */
  things: z.record(
    z.string(),
    z.record(z.string(), z.strictObject({ id: z.string(), said: z.record(z.string(), z.unknown()) })),
  ),
});
export type ImportMemory = z.infer<typeof ImportMemory>;
