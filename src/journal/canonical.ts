import type { Json } from './event.ts';
import { Refused } from './result.ts';

/** Deeper data than this is refused: no event needs it, and it would exhaust the stack of every reader. */
const depthMax = 200;

/** What JSON must escape, and surrogates, which must come in pairs. */
const unsafe = /["\\\u0000-\u001f\ud800-\udfff]/;

function textOf(value: string): string {
  if (!unsafe.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw notCanonical('a text holds half of a surrogate pair');
  return JSON.stringify(value);
}

/** Field names come back again and again; their texts, colon included, are kept for so many. */
const namesMax = 4_096;
const nameTexts = new Map<string, string>();

function nameText(name: string): string {
  const known = nameTexts.get(name);
  if (known !== undefined) return known;
  const text = `${textOf(name)}:`;
  if (nameTexts.size < namesMax && name.length < 64) nameTexts.set(name, text);
  return text;
}

function inOrder(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index++) if ((names[index - 1] ?? '') > (names[index] ?? '')) return false;
  return true;
}

function notCanonical(why: string): Refused {
  return new Refused({
    code: 'not-canonical',
    message: `This value has no canonical form: ${why}.`,
    expected: 'plain data: null, booleans, finite numbers, well-formed text, arrays, objects',
    kept: 'nothing was written',
    retryable: false,
  });
}

function objectText(value: object, depth: number): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw notCanonical(`a ${prototype?.constructor?.name} is not plain data`);
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields);
  // The default sort compares UTF-16 code units, which is what RFC 8785 section 3.2.3 asks for.
  if (!inOrder(names)) names.sort();
  let text = '';
  for (const name of names) {
    const field = fields[name];
    if (field === undefined) continue;
    text += (text === '' ? '{' : ',') + nameText(name) + valueText(field, depth + 1);
  }
  return text === '' ? '{}' : `${text}}`;
}

function valueText(value: unknown, depth: number): string {
  if (depth > depthMax) throw notCanonical(`it is nested more than ${depthMax} deep`);
  switch (typeof value) {
    case 'string':
      return textOf(value);
    case 'number':
      if (!Number.isFinite(value)) throw notCanonical(`${value} is not a JSON number`);
      return `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object': {
      if (value === null) return 'null';
      if (!Array.isArray(value)) return objectText(value, depth);
      let text = '[';
      for (let index = 0; index < value.length; index++)
        text += (index > 0 ? ',' : '') + valueText(value[index], depth + 1);
      return `${text}]`;
    }
    default:
      throw notCanonical(`a ${typeof value} is not plain data`);
  }
}

/**
 * The canonical JSON text of plain data (RFC 8785): one value, one text, whoever writes it.
 * An object's fields that are `undefined` are absent, as in JSON.stringify. Throws Refused `not-canonical`.
 */
export function canonical(value: Json | object): string {
  return valueText(value, 0);
}
