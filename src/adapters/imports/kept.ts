import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { ImportMemory } from '../../map/import/memory.ts';
import { idOf } from '../../map/import/names.ts';
import { isOneFile } from '../yaml/saveMap.ts';
import { writeFiles } from '../yaml/writeMap.ts';
import { Columns } from './table/columns.ts';

/** What is kept beside a map of each source it was fed from: what its columns mean, and what it said last. */
export const Kept = z.strictObject({ columns: Columns.optional(), memory: ImportMemory.optional() });
export type Kept = z.infer<typeof Kept>;

/** `imports/netbox.json` beside the map's files. */
export async function keptFile(into: string, from: string): Promise<string> {
  return join((await isOneFile(into)) ? dirname(into) : into, 'imports', `${idOf(from)}.json`);
}

export async function readKept(file: string): Promise<Result<Kept>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return accept({});
  const read = Kept.safeParse(json(text));
  if (read.success) return accept(read.data);
  return refuse('import-memory-unreadable', 'What was kept of the last import of this source cannot be read.', {
    where: file,
    expected: 'the file as the last import wrote it',
    kept: 'The map is unchanged.',
    cure: 'Put the file back, or delete it: what differs will then be shown as conflicts.',
  });
}

export const writeKept = (file: string, kept: Kept): Promise<string[]> =>
  writeFiles([{ file, text: `${JSON.stringify(kept, null, 1)}\n` }]);

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
