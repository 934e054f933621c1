import { type Name, named } from '../../backupTree/name.ts';

const single: { readonly [letter: string]: number } = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  '"': 34,
  "'": 39,
};
/** Hexadecimal digits after each letter; `\ooo` is octal (Go's language specification, «String literals»). */
const digits: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };

/** Undoes Go's strconv.Quote, as restic writes the names of nodes. Undefined where it is no quoted text. */
export function unquoted(quoted: string): Name | undefined {
  if (quoted.includes('"') && /(?<!\\)(?:\\\\)*"/.test(quoted)) return undefined;
  if (!quoted.includes('\\')) return quoted;
  const parts: Buffer[] = [];
  for (let at = 0; at < quoted.length; ) {
    const backslash = quoted.indexOf('\\', at);
    if (backslash !== at) {
      const end = backslash === -1 ? quoted.length : backslash;
      parts.push(Buffer.from(quoted.slice(at, end)));
      at = end;
      continue;
    }
    const read = escaped(quoted, at + 1);
    if (read === undefined) return undefined;
    parts.push(read.bytes);
    at = read.end;
  }
  return named(Buffer.concat(parts));
}

function escaped(quoted: string, at: number): { bytes: Buffer; end: number } | undefined {
  const letter = quoted[at] ?? '';
  const plain = single[letter];
  if (plain !== undefined) return { bytes: Buffer.of(plain), end: at + 1 };
  const octal = /^[0-3][0-7]{2}/.exec(quoted.slice(at, at + 3));
  if (octal) return { bytes: Buffer.of(Number.parseInt(octal[0], 8)), end: at + 3 };
  const count = digits[letter];
  const hexadecimal = quoted.slice(at + 1, at + 1 + (count ?? 0));
  if (count === undefined || hexadecimal.length !== count || !/^[0-9a-f]+$/i.test(hexadecimal)) return undefined;
  const value = Number.parseInt(hexadecimal, 16);
  const end = at + 1 + count;
  if (letter === 'x') return { bytes: Buffer.of(value), end };
  return value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)
    ? undefined
    : { bytes: Buffer.from(String.fromCodePoint(value)), end };
}
