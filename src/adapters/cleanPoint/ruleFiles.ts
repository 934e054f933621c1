import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { RuleText } from '../scanner/frames.ts';

export interface RuleSet {
  texts: RuleText[];
  /** Of all their bytes: a verdict stands for the rules it was made with. */
  hash: string;
  /** Day of the newest (YYYY-MM-DD): by what the rules say of themselves (`date` of their `meta`), else when their file was written. */
  date: string;
}

const suffix = /\.yara?$/i;
/** All published rules together are some ten megabytes. */
const bytesMax = 64 * 1024 * 1024;

const dayLength = 'YYYY-MM-DD'.length;

/** A file's own time is when somebody copied it here. Undefined where no rule is dated. */
function datesIn(text: string): string[] | undefined {
  const dates = [...text.matchAll(/^\s*date\s*=\s*"(\d{4}-\d\d-\d\d)/gm)].map(([, date = '']) => date);
  return dates.length === 0 ? undefined : dates;
}

/** Files of rules, and those below folders. Fails with `rules-unreadable`. */
export async function readRules(places: readonly string[]): Promise<Result<RuleSet>> {
  const files: string[] = [];
  const texts: RuleText[] = [];
  let [newest, bytes] = ['', 0];
  let where = '';
  try {
    for (where of places) {
      const folder = (await stat(where)).isDirectory();
      const below = folder ? (await readdir(where, { recursive: true, withFileTypes: true })).toSorted() : [];
      if (!folder) files.push(where);
      for (const entry of below)
        if (entry.isFile() && suffix.test(entry.name)) files.push(join(entry.parentPath, entry.name));
    }
    for (where of files.toSorted()) {
      const { mtimeMs, size } = await stat(where);
      bytes += size;
      if (bytes > bytesMax) return unreadable(where, `all files together are more than ${bytesMax} bytes`);
      const text = await readFile(where, 'utf8');
      texts.push({ file: where, text });
      const written = new Date(mtimeMs).toISOString().slice(0, dayLength);
      newest = [newest, ...(datesIn(text) ?? [written])].toSorted().at(-1) ?? newest;
    }
  } catch (error) {
    return unreadable(where, error instanceof Error ? error.message : 'cannot be read');
  }
  if (texts.length === 0) return unreadable(places.join(', '), 'no file .yar or .yara stands there');
  const hash = createHash('sha256');
  for (const { text } of texts) hash.update(`${text.length}\n${text}`);
  return accept({ texts, hash: hash.digest('hex'), date: newest });
}

const unreadable = (where: string, kept: string) =>
  refuse('rules-unreadable', 'The rules cannot be read.', {
    where,
    expected: 'a file of YARA rules, or a folder that holds some (.yar, .yara)',
    kept,
    cure: 'Check the path.',
  });
