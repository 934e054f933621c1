import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Plans } from '../activate/plans.ts';
import { type Refusing, refuse } from '../journal/result.ts';
import { RestoreConfiguration } from '../restore/configuration.ts';

/** Where in which file something is wrong. */
export interface ConfigurationProblem {
  file: string;
  line: number;
  column: number;
  code: string;
  message: string;
}

/** A section's file is small: a hospital's plans and backup sources. */
const SECTION_BYTES = 4 * 1024 * 1024;

/** The plans of a configuration folder; undefined where it has none. */
export const readPlans = (folder: string) => readSection(join(folder, 'plans.yaml'), Plans);

/** Plans of one file. */
export const readPlansFile = (file: string) => readSection(file, Plans);

/** Backup sources, probes and services of a configuration folder. */
export const readRestore = (folder: string) => readSection(join(folder, 'restore.yaml'), RestoreConfiguration);

async function readSection<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<{ value: z.infer<Schema> | undefined; problems: ConfigurationProblem[] }> {
  if (!existsSync(file)) return { value: undefined, problems: [] };
  const text = await readFile(file, 'utf8');
  const problem = (line: number, column: number, code: string, message: string) => ({
    file,
    line,
    column,
    code,
    message,
  });
  if (text.length > SECTION_BYTES)
    return {
      value: undefined,
      problems: [problem(1, 1, 'section-too-large', `expected at most ${SECTION_BYTES} bytes`)],
    };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return problem(line, col, 'yaml-syntax', error.message.split('\n')[0] ?? '');
    });
    return { value: undefined, problems };
  }
  const read = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (read.success) return { value: read.data, problems: [] };
  const problems = read.error.issues.map((issue) => {
    const place = nearest(document, issue.path);
    const { line, col } = lines.linePos(place);
    return problem(line, col, issue.code, `${issue.path.join('.')}: ${issue.message}`);
  });
  return { value: undefined, problems };
}

/** Offset of the deepest node the path leads to. */
function nearest(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

export function configurationInvalid(configuration: string, problems: readonly ConfigurationProblem[]): Refusing {
  return refuse('configuration-invalid', 'The configuration of this establishment cannot be used as it is.', {
    where: configuration,
    expected:
      problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`).join('\n') || 'a map',
    kept: 'Nothing was imported; the journal is as it was.',
    cure: 'Correct these places, then start again. `reflexe map check` shows those of the map too.',
  });
}
