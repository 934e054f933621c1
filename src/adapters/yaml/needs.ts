import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { durationSeconds } from '../../map/document/duration.ts';
import { Confirmation, type Need, Reference } from '../../map/model.ts';
import { describe, textOf, type YamlSource } from './source.ts';

export type Path = readonly (string | number)[];

/** Where what is read comes from, and where each part of it was written, by its path in the model. */
export interface Places {
  source: YamlSource;
  note(path: Path, node: Node): void;
}

const shapes =
  'the id of a component, a list of them (all), {any: […]}, {atLeast: 2, of: […]}, or {need: id, grace: 12m}';

/**
 * A need as people write it: `db`; `[a, b]` (all of them); `{all: […]}`; `{any: […]}`; `{atLeast: 2, of: […]}`;
 * `{need: ups-a, grace: 12m, confirmed: {by: …, on: …}}`. Undefined once its problems are said. `holder`: what it is written in.
 */
export function readNeed(node: Node | null, holder: Node, path: Path, places: Places): Need | undefined {
  if (node === null) return refused(places, holder, 'nothing');
  places.note(path, node);
  return places.source.enter(node, (real) => {
    if (isSeq(real)) return listed('all', real, node, path, places);
    if (isMap(real)) return mapped(real, node, path, places);
    return leaf(real, node, path, places);
  });
}

function refused({ source }: Places, at: Node, found: string): undefined {
  source.problem(at, 'bad-need', `expected ${shapes}; found ${found}`);
  return undefined;
}

function leaf(real: Node, at: Node, path: Path, places: Places): LeafNeed | undefined {
  const text = isScalar(real) && real.value !== null ? textOf(real) : '';
  places.note([...path, 'need'], at);
  return Reference.safeParse(text).success ? { need: text } : refused(places, at, describe(real));
}

type Field = { at: Node; value: Node | null };
type LeafNeed = Extract<Need, { need: string }>;

function mapped(real: YAMLMap, at: Node, path: Path, places: Places): Need | undefined {
  const fields = new Map([...places.source.fields(real)].map(({ key, ...field }) => [key, field]));
  const [first] = fields.keys();
  const group = first === 'all' || first === 'any' ? first : 'of';
  const list = fields.get(group);
  if (fields.size === 1 && list !== undefined && group !== 'of') return grouped(group, list, path, places);
  const count = fields.get('atLeast');
  if (fields.size === 2 && list !== undefined && count !== undefined) return counted(count, list, path, places);
  const target = fields.get('need');
  const grace = fields.get('grace') ?? fields.get('graceSeconds');
  const confirmed = fields.get('confirmed');
  const known = [target, grace, confirmed].filter((field) => field !== undefined).length;
  if (target !== undefined && fields.size === known) {
    const read = graced(target, grace, path, places);
    return confirmed === undefined ? read : signed(read, confirmed, path, places);
  }
  return refused(places, at, `the fields ${[...fields.keys()].map((key) => `\`${key}\``).join(', ') || 'of nothing'}`);
}

function graced(target: Field, grace: Field | undefined, path: Path, places: Places): LeafNeed | undefined {
  const { source } = places;
  const at = target.value ?? target.at;
  const read = source.enter(at, (real) => leaf(real, at, path, places));
  if (read === undefined || grace === undefined) return read;
  places.note([...path, 'graceSeconds'], grace.value ?? grace.at);
  const seconds = secondsOf(grace);
  if (seconds !== undefined) return { ...read, graceSeconds: seconds };
  const found = describe(grace.value);
  source.problem(grace.value ?? grace.at, 'bad-duration', `\`grace\` should be such as 90s, 12m or 8h; found ${found}`);
  return undefined;
}

/** The link with who confirmed it and when: `confirmed: {by: Exploitation, on: "2026-01-20"}`. */
function signed(leaf: LeafNeed | undefined, { at, value }: Field, path: Path, places: Places): LeafNeed | undefined {
  const { source } = places;
  const node = value ?? at;
  places.note([...path, 'confirmed'], node);
  const said = source.enter(node, (real) => {
    const parts = [...source.fields(real)].map(({ key, value: part }) => [key, isScalar(part) ? textOf(part) : part]);
    return Confirmation.safeParse(Object.fromEntries(parts));
  });
  if (said?.success === true) return leaf === undefined ? undefined : { ...leaf, confirmed: said.data };
  const expected = '`confirmed` should say by whom and when: {by: Exploitation, on: "2026-01-20"}';
  if (said !== undefined) source.problem(node, 'bad-confirmation', `${expected}; found ${describe(value)}`);
  return undefined;
}

/** `grace: 12m`, or `graceSeconds: 720` as the model writes it. */
function secondsOf({ at, value }: Field): number | undefined {
  if (!isScalar(value)) return undefined;
  const isPlain = isScalar(at) && at.value === 'graceSeconds';
  if (!isPlain) return durationSeconds(textOf(value));
  return Number.isSafeInteger(value.value) && Number(value.value) >= 0 ? Number(value.value) : undefined;
}

function counted(count: Field, list: Field, path: Path, places: Places): Need | undefined {
  const { source } = places;
  const read = grouped('of', list, path, places);
  places.note([...path, 'atLeast'], count.value ?? count.at);
  const atLeast = isScalar(count.value) ? count.value.value : undefined;
  if (typeof atLeast !== 'number' || !Number.isInteger(atLeast) || atLeast < 1) {
    const message = `\`atLeast\` should be a whole number from 1; found ${describe(count.value)}`;
    source.problem(count.value ?? count.at, 'bad-need', message);
    return undefined;
  }
  return read !== undefined && 'of' in read ? { ...read, atLeast } : undefined;
}

function grouped(word: 'all' | 'any' | 'of', { at, value }: Field, path: Path, places: Places): Need | undefined {
  const { source } = places;
  const wrong = (node: Node, found: string): undefined => {
    source.problem(node, 'bad-need', `\`${word}\` should be a list of needs; found ${found}`);
    return undefined;
  };
  if (value === null) return wrong(at, 'nothing');
  return source.enter(value, (real) =>
    isSeq(real) ? listed(word, real, value, path, places) : wrong(value, describe(real)),
  );
}

function listed(word: 'all' | 'any' | 'of', list: YAMLSeq, at: Node, path: Path, places: Places): Need | undefined {
  const items = list.items as (Node | null)[];
  if (items.length === 0) return refused(places, at, 'an empty list');
  const read = items.map((item, i) => readNeed(item, at, [...path, word, i], places));
  const parts = read.filter((part) => part !== undefined);
  if (parts.length < read.length) return undefined;
  return word === 'all' ? { all: parts } : word === 'any' ? { any: parts } : { atLeast: 1, of: parts };
}
