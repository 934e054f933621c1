import { z } from 'zod';
import { FOLDER_ENTRIES_MAX } from '../../restore/ports.ts';

const SNAPSHOTS_MAX = 100_000;
const Moment = z
  .string()
  .max(40)
  .refine(
    (text) => /(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
    'an ISO 8601 moment with its offset',
  )
  .transform((text) => new Date(text).toISOString());
const Count = z.number().int().min(0).nullable().default(null);

/** What `list` prints. */
const Snapshots = z
  .array(
    z.strictObject({
      id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:+-]{0,199}$/),
      time: Moment,
      host: z.string().max(255).default(''),
      paths: z.array(z.string().max(4096)).max(100).default([]),
      bytes: Count,
      files: Count,
    }),
  )
  .max(SNAPSHOTS_MAX)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'ids that differ');

/** What `entries` prints: what stands directly in a folder. */
const Entries = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(4096),
      kind: z.enum(['file', 'folder', 'link', 'other']),
      bytes: Count,
      modifiedAt: Moment.nullable().default(null),
      content: z.string().max(200).nullable().default(null),
    }),
  )
  .max(10 * FOLDER_ENTRIES_MAX);

function read<Value>(schema: z.ZodType<Value>, output: string): Value | string {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    return 'it is no JSON';
  }
  const said = schema.safeParse(json);
  if (said.success) return said.data;
  const [first] = said.error.issues;
  return `${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`;
}

/** The value, or what is wrong with it. */
export const snapshotsIn = (output: string): z.infer<typeof Snapshots> | string => read(Snapshots, output);
export const entriesIn = (output: string): z.infer<typeof Entries> | string => read(Entries, output);
