import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { SignInConfiguration } from '../access/oidc/settings.ts';
import { Plans } from '../activate/plans.ts';
import { probeProblems } from '../adapters/probes/probe.ts';
import { duplicateKeys, plainErrors } from '../adapters/yaml/duplicateKeys.ts';
import { readMapFolder } from '../adapters/yaml/mapFolder.ts';
import { type Refusing, refuse } from '../journal/result.ts';
import type { HospitalMap } from '../map/model.ts';
import { RestoreConfiguration } from '../restore/configuration.ts';
import {
  type Inconsistency,
  policyInconsistencies,
  restoreInconsistencies,
  withShortComponents,
} from '../restore/consistency.ts';
import { TransportSettings } from '../server/tls/settings.ts';

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

/** More than a person corrects before trying again; each is searched for its place in the file. */
const PROBLEMS_MAX = 500;

/** Anchors a person writes; a document that grows when its aliases are followed is refused. */
const ALIASES_MAX = 100;

/** The plans of a configuration folder; undefined where it has none. */
export const readPlans = (folder: string) => readSection(join(folder, 'plans.yaml'), Plans);

/** Plans of one file. */
export const readPlansFile = (file: string) => readSection(file, Plans);

/** How the door opens on the network; undefined where nothing is said. */
export const readTransport = (folder: string) => readSection(join(folder, 'transport.yaml'), TransportSettings);

/** Where people sign in besides here; undefined where nothing is said. */
export const readSignIn = (folder: string) => readSection(join(folder, 'sign-in.yaml'), SignInConfiguration);

/** Backup sources, probes and services of a configuration folder. */
export async function readRestore(folder: string): Promise<Section<RestoreConfiguration>> {
  const read = await readSection(join(folder, 'restore.yaml'), RestoreConfiguration);
  const problems = Object.entries(read.value?.probes ?? {}).flatMap(([name, section]) =>
    probeProblems(section).map(({ path, message }) => ({
      ...read.place(['probes', name, ...path]),
      code: 'probe-invalid',
      message: `probes.${[name, ...path].join('.')}: ${message}`,
    })),
  );
  return { ...read, problems: [...read.problems, ...problems] };
}

/** The map of a configuration folder with what `restore.yaml` adds to it, each checked against the other. */
export async function readRestoration(folder: string): Promise<{
  map: HospitalMap | undefined;
  restore: RestoreConfiguration | undefined;
  problems: ConfigurationProblem[];
}> {
  const restore = await readRestore(folder);
  const { value } = restore;
  let between: Inconsistency[] = [];
  const map = await readMapFolder(folder, (document) => {
    if (value === undefined) return [];
    between = restoreInconsistencies(value, document);
    return policyInconsistencies(value, document);
  });
  const { document } = map;
  return {
    map: document,
    restore:
      value === undefined || document === undefined ? undefined : withShortComponents(value, document.establishment.id),
    problems: [
      ...map.problems.filter((problem) => problem.severity === 'error'),
      ...restore.problems,
      ...between.map(({ path, code, message }) => ({ ...restore.place(path), code, message })),
    ],
  };
}

/** A file of the configuration: what it says, everything wrong with it, and where in it a path is. */
export interface Section<Value> {
  /** Undefined where the file is not there, or cannot be read as one. */
  value: Value | undefined;
  problems: ConfigurationProblem[];
  place(path: readonly PropertyKey[]): { file: string; line: number; column: number };
}

async function readSection<Schema extends z.ZodType>(file: string, schema: Schema): Promise<Section<z.infer<Schema>>> {
  const start = () => ({ file, line: 1, column: 1 });
  const unread = (...problems: ConfigurationProblem[]) => ({ value: undefined, problems, place: start });
  if (!existsSync(file)) return unread();
  const text = await readFile(file, 'utf8');
  if (text.length > SECTION_BYTES)
    return unread({ ...start(), code: 'section-too-large', message: `expected at most ${SECTION_BYTES} bytes` });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, ...plainErrors });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const errors = document.errors.map(({ pos, message }) => ({ offset: pos[0], message }));
  if (errors.length === 0) errors.push(...duplicateKeys(document));
  if (errors.length > 0)
    return unread(
      ...errors.slice(0, PROBLEMS_MAX).map(({ offset, message }) => ({
        ...at(offset),
        code: 'yaml-syntax',
        message: message.split('\n')[0] ?? '',
      })),
    );
  const place = (path: readonly PropertyKey[]) => at(offsetOf(document, path));
  const plain = plainOf(document);
  if (!plain.ok)
    return unread({ ...start(), code: 'yaml-aliases', message: `expected at most ${ALIASES_MAX} aliases` });
  const read = schema.safeParse(plain.value);
  if (read.success) return { value: read.data, problems: [], place };
  const problems = read.error.issues.slice(0, PROBLEMS_MAX).map((issue) => {
    const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
    return {
      ...place(key === undefined ? issue.path : [...issue.path, key]),
      code: issue.code,
      message: `${issue.path.join('.')}: ${issue.message}`,
    };
  });
  return { value: undefined, problems, place };
}

function plainOf(document: ReturnType<typeof parseDocument>): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: ALIASES_MAX }) };
  } catch {
    return { ok: false };
  }
}

/** Offset of the deepest thing the path leads to; of its key where it has one. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      : undefined;
    const node = pair !== undefined && isNode(pair.key) ? pair.key : document.getIn(path.slice(0, length), true);
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
