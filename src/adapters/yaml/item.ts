import type { Node } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../../map/document/nearest.ts';
import type { Path } from './needs.ts';
import { durations, plainOf } from './plain.ts';
import type { Position, YamlSource } from './source.ts';

const friendly = new Map(Object.entries(durations).map(([said, held]) => [held, said]));

const expectations: { readonly [field: string]: string } = {
  id: 'a short name in lower case: letters, digits, dashes and dots',
  name: 'a text, or {fr: …, en: …}',
  tier: '1, 2 or 3 (1 is the most vital)',
  weight: 'a number above 0',
  calendar: "`always`, or {days: [mon, tue], from: '08:00', to: '18:00'}",
  wards: 'a list of at least one ward',
  position: 'latitude and longitude, such as [48.85, 2.35]',
  steps: 'a list of texts',
  title: 'a text, or {fr: …, en: …}',
  text: 'a text, or {fr: …, en: …}',
  confirmed: 'who confirmed it and when: {by: Exploitation, on: "2026-01-20"}',
  call: 'whom to call: {who: …, phone: …}',
  proposed: 'a list of links to confirm: [{need: id, because: …}]',
  members: 'a list of at least two components',
  because: 'what suggests the link, as people read it',
  needs: 'what it depends on: the id of a component, a list of them, {any: […]} or {atLeast: 2, of: […]}',
  ...Object.fromEntries(Object.keys(durations).map((field) => [field, 'a duration such as 90s, 12m, 8h or 1d'])),
};

/** One thing of a map (a ward, a component…), read and checked, with the place of each of its parts. */
export interface Item<Value> {
  value: Value;
  file: string;
  /** The place of a path inside it, or of the nearest part around it that was written. */
  at(path: Path): Position;
}

/** What a section of a map holds: the schema of its things, and the fields people write there. */
export interface Section<Schema extends z.ZodType = z.ZodType> {
  name: string;
  schema: Schema;
  fields: readonly string[];
}

/** Reads one thing against its schema; its problems, all at once, go to the source. `id` is there also for a broken one. */
export function readItem<Schema extends z.ZodType>(
  source: YamlSource,
  node: Node,
  section: Section<Schema>,
): { item: Item<z.infer<Schema>> | undefined; id: string | undefined } {
  const places = new Map<string, Node>();
  const failed = new Set<string>();
  const before = source.problems.length;
  const note = (path: Path, at: Node) => places.set(path.join('/'), at);
  const plain = plainOf(node, [], { source, note, plainNames: section.name === 'suppliers', failed });
  const id = typeof plain === 'object' && plain !== null && 'id' in plain ? String(plain.id) : undefined;
  const nodeAt = (path: Path): Node => {
    for (let length = path.length; length > 0; length -= 1) {
      const found = places.get(path.slice(0, length).join('/'));
      if (found !== undefined) return found;
    }
    return node;
  };
  const read = section.schema.safeParse(plain, { reportInput: true });
  if (!read.success) {
    const name = id === undefined ? section.name : `\`${id}\``;
    for (const issue of read.error.issues) {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      if (path.some((_, i) => failed.has(path.slice(0, i + 1).join('/')))) continue;
      const isMissing = path.length > 0 && !places.has(path.join('/'));
      for (const { at, code, message } of explain(issue, path, isMissing, section)) {
        source.problem(nodeAt(at), code, `${name}: ${message}`);
      }
    }
  }
  if (!read.success || source.problems.length > before) return { item: undefined, id };
  return { item: { value: read.data, file: source.file, at: (path) => source.position(nodeAt(path)) }, id };
}

type Explained = { at: Path; code: string; message: string };

function explain(issue: z.core.$ZodIssue, path: Path, isMissing: boolean, section: Section): Explained[] {
  const said = path.map((part) => (typeof part === 'string' ? (friendly.get(part) ?? part) : part));
  const where = said.length === 0 ? 'this' : `\`${said.join('.')}\``;
  const field = said.findLast((part) => typeof part === 'string');
  const expected = expectation(issue, typeof said.at(-1) === 'string' ? field : undefined);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearest(key, section.fields);
      const message = `unknown field \`${key}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
      return { at: [...path, key], code: 'unknown-field', message };
    });
  }
  if (isMissing) return [{ at: path, code: 'missing-field', message: `${where} is missing; expected ${expected}` }];
  return [{ at: path, code: 'bad-value', message: `${where} should be ${expected}; found ${shown(issue.input)}` }];
}

function expectation(issue: z.core.$ZodIssue, field: string | undefined): string {
  const told = field === undefined ? undefined : expectations[field];
  if (told !== undefined) return told;
  switch (issue.code) {
    case 'invalid_value':
      return `one of ${issue.values.map((value) => String(value)).join(', ')}`;
    case 'invalid_type':
      return types[issue.expected] ?? issue.expected;
    case 'invalid_format':
      return issue.format === 'regex' ? 'an id or an hour written as the examples show' : issue.format;
    default:
      return issue.message.replace(/^[^:]*: expected /, '').toLowerCase();
  }
}

const types: { readonly [type: string]: string } = {
  object: 'a group of fields',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function shown(input: unknown): string {
  if (input === null || input === undefined) return 'nothing';
  if (Array.isArray(input)) return input.length === 0 ? 'an empty list' : 'a list';
  if (typeof input === 'object') return 'a group of fields';
  const text = String(input);
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
