/** Characters of a long name in each of its entries. */
const PLACES = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];
const LAST = 0x40;
const lower = { base: 0x08, extension: 0x10 };

/** From the entries before a short one, last part first; undefined where they are not that entry's own. */
export function longNameOf(parts: readonly Buffer[], short: Buffer): string | undefined {
  if (parts.length === 0 || !((parts[0]?.[0] ?? 0) & LAST)) return undefined;
  const sum = checksum(short);
  const characters: number[] = [];
  for (const [index, part] of parts.toReversed().entries()) {
    if (((part[0] ?? 0) & 0x3f) !== index + 1 || part[13] !== sum) return undefined;
    characters.push(...PLACES.map((place) => part.readUInt16LE(place)));
  }
  const end = characters.indexOf(0);
  return String.fromCharCode(...(end === -1 ? characters : characters.slice(0, end)));
}

/** Eight characters and three, in a code page that is not said: bytes beyond ASCII are taken as Latin-1. */
export function shortNameOf(entry: Buffer): string {
  const flags = entry[12] ?? 0;
  const base = entry.toString('latin1', 0, 8).trimEnd();
  const extension = entry.toString('latin1', 8, 11).trimEnd();
  const whole = entry[0] === 0x05 ? `\xe5${base.slice(1)}` : base;
  const name = flags & lower.base ? whole.toLowerCase() : whole;
  return extension === '' ? name : `${name}.${flags & lower.extension ? extension.toLowerCase() : extension}`;
}

function checksum(short: Buffer): number {
  let sum = 0;
  for (const byte of short.subarray(0, 11)) sum = ((((sum & 1) << 7) | (sum >>> 1)) + byte) & 0xff;
  return sum;
}
