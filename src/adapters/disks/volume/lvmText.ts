import { Damaged } from '../faults.ts';

/** LVM's metadata, as lvm2 writes it for people: `name = value`, `name { … }`, lists in brackets, `#` comments. */
export interface LvmSection {
  [name: string]: LvmValue;
}
export type LvmValue = LvmSection | readonly (string | number)[] | string | number;

const DEPTH_MAX = 8;
const token = /\s*(?:#[^\n]*|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)(?![\w.-])|([A-Za-z0-9_.+-]+)|([{}[\]=,]))/y;

export function parseLvmText(text: string): LvmSection {
  const tokens = tokensOf(text);
  let at = 0;
  const section = (depth: number): LvmSection => {
    if (depth > DEPTH_MAX) throw new Damaged('the metadata of LVM is nested too deep');
    const read: LvmSection = Object.create(null);
    for (;;) {
      const name = tokens[at++];
      if (name === undefined || name === '}') return read;
      const sign = tokens[at++];
      if (sign === '{') read[String(name)] = section(depth + 1);
      else if (sign === '=') read[String(name)] = value();
      else throw new Damaged('the metadata of LVM cannot be read');
    }
  };
  const value = (): LvmValue => {
    const first = tokens[at++];
    if (first !== '[') return plain(first);
    const list: (string | number)[] = [];
    for (;;) {
      const next = tokens[at++];
      if (next === ']') return list;
      if (next === undefined) throw new Damaged('the metadata of LVM ends inside a list');
      if (next !== ',') list.push(plain(next));
    }
  };
  return section(0);
}

/** Quoted text keeps its first quote until it is known to be a value. */
const plain = (read: string | number | undefined): string | number => {
  if (typeof read === 'number') return read;
  if (read?.startsWith('"')) return read.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  throw new Damaged('the metadata of LVM cannot be read');
};

function tokensOf(text: string): (string | number)[] {
  const tokens: (string | number)[] = [];
  token.lastIndex = 0;
  for (let end = 0; end < text.length; end = token.lastIndex) {
    const found = token.exec(text);
    if (found === null) {
      if (text.slice(end).trim() === '') break;
      throw new Damaged('the metadata of LVM cannot be read');
    }
    const [, quoted, digits, word, sign] = found;
    const read = quoted ?? word ?? sign;
    if (digits !== undefined) tokens.push(Number(digits));
    else if (read !== undefined) tokens.push(read);
  }
  return tokens;
}

export const sectionOf = (value: LvmValue | undefined): LvmSection =>
  typeof value === 'object' && !Array.isArray(value) ? (value as LvmSection) : {};
export const numberOf = (section: LvmSection, name: string): number => {
  const value = section[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Damaged(`the metadata of LVM does not say ${name}`);
  return value;
};
