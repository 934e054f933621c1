import { z } from 'zod';
import type { BackupSnapshot } from '../../../restore/ports.ts';

/** What restic says in JSON, read as it is: whoever can write to the repository has a say in it. */
const Listed = z.array(
  z.object({
    id: z.string(),
    time: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'an instant'),
    hostname: z.string().default(''),
    paths: z.array(z.string()).default([]),
  }),
);
const Line = z.discriminatedUnion('struct_type', [
  z.object({ struct_type: z.literal('snapshot'), paths: z.array(z.string()) }),
  z.object({
    struct_type: z.literal('node'),
    name: z.string(),
    type: z.string(),
    path: z.string(),
    size: z.number().min(0).default(0),
    mtime: z.string().default(''),
  }),
]);
const Size = z.object({ total_size: z.number(), total_file_count: z.number() });
const Statistics = z.object({
  message_type: z.literal('statistics'),
  changed_files: z.number(),
  added: z.object({ files: z.number(), bytes: z.number() }),
  removed: z.object({ files: z.number() }),
});

/** `restic snapshots --json`; undefined where it is no such list. */
export function snapshotsIn(output: string): BackupSnapshot[] | undefined {
  return Listed.safeParse(parse(output)).data?.map(({ id, time, hostname, paths }) => ({
    id,
    time: new Date(time).toISOString(),
    host: hostname,
    paths,
    bytes: null,
    files: null,
  }));
}

/** One node as `restic ls --json` says it; `path` is that of the snapshot. */
export type SaidNode = Extract<z.infer<typeof Line>, { struct_type: 'node' }>;

/** `restic ls --json`: the paths of the snapshot, and the nodes that were asked for. */
export function lsIn(output: string): { paths: string[]; nodes: SaidNode[] } {
  const said: { paths: string[]; nodes: SaidNode[] } = { paths: [], nodes: [] };
  for (const line of output.split('\n')) {
    const { data } = Line.safeParse(parse(line));
    if (data?.struct_type === 'snapshot') said.paths = data.paths;
    else if (data !== undefined) said.nodes.push(data);
  }
  return said;
}

/** `restic stats --json`. */
export const sizeIn = (output: string): z.infer<typeof Size> | undefined => Size.safeParse(lastLine(output)).data;

/** `restic diff --json`: its last line. */
export const statisticsIn = (output: string): z.infer<typeof Statistics> | undefined =>
  Statistics.safeParse(lastLine(output)).data;

/** `restic snapshots` ends with status 0 when it cannot read one of them: only its errors name it. */
export const unreadable = (errors: string): string[] => [
  ...new Set([...errors.matchAll(/could not load snapshot ([0-9a-f]+)/g)].flatMap(([, id]) => id ?? [])),
];

const lastLine = (output: string): unknown => parse(output.trim().split('\n').at(-1) ?? '');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
