import { z } from 'zod';
import type { BackupEntry } from '../../restore/ports.ts';

const Seconds = z.number().int().min(0).max(253_402_300_799);
const Backup = z.object({
  label: z.string().regex(/^[0-9]{8}-[0-9]{6}F(_[0-9]{8}-[0-9]{6}[DI])?$/),
  archive: z.object({
    start: z
      .string()
      .regex(/^[0-9A-F]{24}$/)
      .nullable(),
  }),
  lsn: z.object({ start: z.string(), stop: z.string() }).optional(),
  /** True where pages of the database did not match their checksums when they were backed up. */
  error: z.boolean().default(false),
  info: z.object({ size: z.number().min(0) }),
  database: z.object({ id: z.number().int() }),
  timestamp: z.object({ start: Seconds, stop: Seconds }),
});
export type SaidBackup = z.infer<typeof Backup>;
const Stanza = z.object({
  name: z.string(),
  backup: z.array(Backup).default([]),
  db: z.array(z.object({ id: z.number().int(), version: z.string().regex(/^[0-9.]+$/) })).default([]),
  status: z.object({ code: z.number(), message: z.string() }),
  /** What was met in each repository: ours has one. */
  repo: z.array(z.object({ status: z.object({ code: z.number(), message: z.string() }) })).default([]),
});
export type SaidStanza = z.infer<typeof Stanza>;

/** What a wrong passphrase makes of a file is told as it comes, within the JSON. */
const CONTROL = /\p{Cc}/gu;

/** `pgbackrest info --output=json`; undefined where it is no such list. */
export const stanzasIn = (output: string): SaidStanza[] | undefined =>
  z.array(Stanza).safeParse(parse(output.replaceAll(CONTROL, ' '))).data;

/** `pgbackrest repo-ls --output=json`: names of files. */
export function filesIn(output: string): string[] {
  const said = z.record(z.string(), z.object({ type: z.string() })).safeParse(parse(output)).data ?? {};
  return Object.entries(said).flatMap(([name, { type }]) => (type === 'file' ? [name] : []));
}

const File = z.object({
  size: z.number().min(0).default(0),
  timestamp: Seconds.optional(),
  checksum: z.string().optional(),
});

export interface SaidManifest {
  /** By path inside the cluster. */
  entries: ReadonlyMap<string, Omit<BackupEntry, 'name'>>;
  tablespaces: string[];
}

/** `backup.manifest`: what a backup holds, wherever its parts are kept. */
export function manifestIn(text: string): SaidManifest {
  const entries = new Map<string, Omit<BackupEntry, 'name'>>();
  const tablespaces: string[] = [];
  let section = '';
  for (const line of text.split('\n')) {
    if (/^\[[a-z:]+\]$/.test(line)) {
      section = line;
      continue;
    }
    const [, key = '', value = ''] = /^(pg_[^=]*?)=(\{.*\})$/.exec(line) ?? [];
    if (key === '') continue;
    if (section === '[backup:target]' && key.startsWith('pg_tblspc/')) tablespaces.push(key);
    const path = key.startsWith('pg_data/') ? key.slice('pg_data/'.length) : '';
    const nothing = { bytes: null, modifiedAt: null, content: null };
    if (path === '') continue;
    if (section === '[target:path]') entries.set(path, { kind: 'folder', ...nothing });
    else if (section === '[target:link]') entries.set(path, { kind: 'link', ...nothing });
    else if (section === '[target:file]') {
      const said = File.safeParse(parse(value)).data;
      if (said === undefined) continue;
      entries.set(path, {
        kind: 'file',
        bytes: said.size,
        modifiedAt: said.timestamp === undefined ? null : new Date(said.timestamp * 1000).toISOString(),
        content: said.checksum ?? (said.size === 0 ? 'empty' : null),
      });
    }
  }
  return { entries, tablespaces };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
