import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { mapProblems } from '../../map/document/check.ts';
import { HospitalMap } from '../../map/model.ts';
import { friendly } from './friendly.ts';

export interface MapFileProblem {
  file: string;
  line: number;
  column: number;
  code: string;
  message: string;
  severity: 'error' | 'warning';
}

export interface MapFolder {
  /** The map, when nothing is wrong with it but warnings. */
  document: HospitalMap | undefined;
  problems: MapFileProblem[];
}

/** One file of a map written by people: some thousands of components. A larger inventory is imported, not written. */
const FILE_CHARACTERS = 16 * 1024 * 1024;
const FILES_MAX = 1000;
/** Anchors a person writes; a document that grows when its aliases are followed is refused. */
const ALIASES_MAX = 100;

/** Lists of the map that may be spread over files; everything else stands in one of them. */
const lists = ['sites', 'wards', 'suppliers', 'careFunctions', 'components'] as const;
/** Files of a configuration folder that are not the map. */
const others = new Set(['plans.yaml', 'checks.yaml', 'restore.yaml', 'contacts.yaml']);

type Path = readonly PropertyKey[];

interface Source {
  file: string;
  document: ReturnType<typeof parseDocument>;
  lines: LineCounter;
}

/** Reads a map from one YAML file, or from all those of a folder: every problem at once, each with its place. */
export async function readMapFolder(path: string): Promise<MapFolder> {
  const files = await filesOf(path);
  if (files.length === 0)
    return {
      document: undefined,
      problems: [at(path, 1, 1, 'map-missing', 'expected a YAML file with a map, or a folder of them')],
    };
  return readMapTexts(await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') }))));
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => /\.ya?ml$/.test(name) && !others.has(name))
    .toSorted()
    .slice(0, FILES_MAX)
    .map((name) => join(path, name));
}

export function readMapTexts(texts: readonly { file: string; text: string }[]): MapFolder {
  const problems: MapFileProblem[] = [];
  const merged: { [key: string]: unknown } = {};
  /** Where each entry of each list came from: file, and its index there. */
  const origins: { [list: string]: { source: Source; index: number }[] } = Object.fromEntries(
    lists.map((list) => [list, []]),
  );
  const singles = new Map<string, Source>();
  for (const { file, text } of texts) {
    const source = parsed(file, text, problems);
    const plain = source === undefined ? undefined : plainOf(source, problems);
    if (source === undefined || plain === undefined) continue;
    for (const [key, value] of Object.entries(plain)) {
      if (isList(key) && Array.isArray(value)) {
        const before = (merged[key] ?? []) as unknown[];
        merged[key] = [...before, ...value];
        origins[key]?.push(...value.map((_entry, index) => ({ source, index })));
      } else if (key in merged && key !== 'version') {
        problems.push(
          placed(source, [key], 'twice', `\`${key}\` already stands in ${singles.get(key)?.file ?? 'another file'}`),
        );
      } else {
        merged[key] = value;
        singles.set(key, source);
      }
    }
  }
  const first = texts[0]?.file ?? '';
  const place = (
    path: Path,
    code: string,
    message: string,
    severity: 'error' | 'warning' = 'error',
  ): MapFileProblem => {
    const [list, index] = path;
    const origin = typeof list === 'string' && typeof index === 'number' ? origins[list]?.[index] : undefined;
    if (origin !== undefined)
      return placed(origin.source, [String(list), origin.index, ...path.slice(2)], code, message, severity);
    const source = singles.get(String(list));
    return source === undefined
      ? at(first, 1, 1, code, message, severity)
      : placed(source, path, code, message, severity);
  };

  const { value, problems: friendlyProblems } = friendly(merged);
  problems.push(...friendlyProblems.map(({ path, code, message }) => place(path, code, message)));
  // Said once: a duration that cannot be read is not also missing.
  const said = new Set(friendlyProblems.map(({ path }) => path.slice(0, 2).join('.')));
  const read = HospitalMap.safeParse({ sites: [], wards: [], careFunctions: [], components: [], ...value });
  if (!read.success) {
    for (const issue of read.error.issues) {
      if (said.has(issue.path.slice(0, 2).join('.'))) continue;
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
      const where = keys[0] === undefined ? issue.path : [...issue.path, keys[0]];
      problems.push(
        place(where, `map-${issue.code.replaceAll('_', '-')}`, `${issue.path.join('.') || 'map'}: ${issue.message}`),
      );
    }
  } else {
    problems.push(
      ...mapProblems(read.data).map(({ path, code, message, severity }) => place(path, code, message, severity)),
    );
  }
  const sorted = problems.toSorted(
    (one, other) => one.file.localeCompare(other.file) || one.line - other.line || one.column - other.column,
  );
  const usable = read.success && !sorted.some(({ severity }) => severity === 'error');
  return { document: usable ? read.data : undefined, problems: sorted };
}

const isList = (key: string): key is (typeof lists)[number] => lists.some((list) => list === key);

function parsed(file: string, text: string, problems: MapFileProblem[]): Source | undefined {
  if (text.length > FILE_CHARACTERS) {
    problems.push(at(file, 1, 1, 'file-too-large', `expected at most ${FILE_CHARACTERS} characters`));
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    problems.push(at(file, line, col, 'yaml-syntax', error.message.split('\n')[0] ?? ''));
  }
  return document.errors.length > 0 ? undefined : { file, document, lines };
}

function plainOf(source: Source, problems: MapFileProblem[]): { [key: string]: unknown } | undefined {
  if (source.document.contents === null) return {};
  try {
    const plain: unknown = source.document.toJS({ maxAliasCount: ALIASES_MAX });
    if (typeof plain === 'object' && plain !== null && !Array.isArray(plain)) return { ...plain };
    problems.push(at(source.file, 1, 1, 'map-shape', 'expected keys such as careFunctions and components'));
  } catch {
    problems.push(at(source.file, 1, 1, 'yaml-aliases', `expected at most ${ALIASES_MAX} aliases`));
  }
  return undefined;
}

const at = (
  file: string,
  line: number,
  column: number,
  code: string,
  message: string,
  severity: 'error' | 'warning' = 'error',
): MapFileProblem => ({
  file,
  line,
  column,
  code,
  message,
  severity,
});

/** A problem at the deepest thing of the file its path leads to; at the key where there is one. */
function placed(
  source: Source,
  path: Path,
  code: string,
  message: string,
  severity: 'error' | 'warning' = 'error',
): MapFileProblem {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? source.document.contents : source.document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined;
    const node = pair !== undefined && isNode(pair.key) ? pair.key : source.document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      const { line, col } = source.lines.linePos(node.range[0]);
      return at(source.file, line, col, code, message, severity);
    }
  }
  return at(source.file, 1, 1, code, message, severity);
}
