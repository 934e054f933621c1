import { hasZlibHead, inflates } from '../deflate.ts';
import { jpeg2000Torn, jpegTorn } from '../jpeg.ts';
import type { Torn } from '../torn.ts';
import { lzwTorn } from './lzw.ts';

/** Pictures of one file, one after the other. */
const directoriesMax = 1000;
const stripsMax = 100_000;
/** Of one picture; real ones have some dozens. */
const entriesMax = 4096;
/** Strips may be made to lie over each other: what is looked at is bounded by the content, twice. */
const lookedAtShare = 2;
const [compression, stripPlaces, stripBytes, tilePlaces, tileBytes, jpegPlace] = [259, 273, 279, 324, 325, 513];
/** Bytes of a value, by its type (TIFF 6.0 §2; 13, 16 to 18 are later and of BigTIFF). */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

interface Reader {
  content: Buffer;
  isBig: boolean;
  /** BigTIFF: eight bytes where TIFF has four. */
  isLong: boolean;
  /** What may still be looked at. */
  purse: { bytes: number; strips: number };
}

/** TIFF 6.0 (Aldus, 1992) and BigTIFF (LibTIFF): directories (§2) of tags that rise; strips (p. 39) or tiles (§15) as each one's compression asks. */
export function tiffTorn(content: Buffer): Torn[] | undefined {
  if (content.length < 16) return undefined;
  const isBig = content[0] === 0x4d;
  const version = isBig ? content.readUInt16BE(2) : content.readUInt16LE(2);
  const reader: Reader = {
    content,
    isBig,
    isLong: version === 43,
    purse: { bytes: content.length * lookedAtShare, strips: stripsMax },
  };
  const torn: Torn[] = [];
  const seen = new Set<number>();
  let isWalked = true;
  let at = place(reader, reader.isLong ? 8 : 4);
  while (at !== 0 && seen.size < directoriesMax && !seen.has(at)) {
    seen.add(at);
    const directory = directoryAt(reader, at);
    if (directory === undefined) return [...torn, ...lost(content, at)];
    const parts = partsTorn(reader, directory.tags);
    for (const part of parts ?? []) torn.push(part);
    isWalked = isWalked && parts !== undefined;
    at = directory.next;
  }
  return isWalked || torn.length > 0 ? torn : undefined;
}

/** A directory that is none: what stands around it is random, or the file is cut off or damaged there. */
const lost = (content: Buffer, at: number): Torn[] => [
  { from: Math.max(0, Math.min(at, content.length) - 4096), to: Math.min(content.length, at + 8192), shows: 'plain' },
  { from: Math.min(at, content.length), to: content.length, shows: 'cut' },
];

function number(reader: Reader, at: number, bytes: number): number {
  const { content, isBig } = reader;
  if (at + bytes > content.length) return 0;
  if (bytes === 8) return Number(isBig ? content.readBigUInt64BE(at) : content.readBigUInt64LE(at));
  return isBig ? content.readUIntBE(at, bytes) : content.readUIntLE(at, bytes);
}

const place = (reader: Reader, at: number): number => number(reader, at, reader.isLong ? 8 : 4);

type Tags = Map<number, number[]>;

function directoryAt(reader: Reader, at: number): { tags: Tags; next: number } | undefined {
  const [countBytes, placeBytes] = reader.isLong ? [8, 8] : [2, 4];
  const entryBytes = 4 + 2 * placeBytes;
  const entries = number(reader, at, countBytes);
  const end = at + countBytes + entries * entryBytes;
  if (entries === 0 || entries > entriesMax || end + placeBytes > reader.content.length) return undefined;
  const tags: Tags = new Map();
  let disordered = 0;
  for (let [entry, before] = [at + countBytes, 0]; entry < end; entry += entryBytes) {
    const [tag, type] = [number(reader, entry, 2), number(reader, entry + 2, 2)];
    const bytes = typeBytes[type] ?? 0;
    if (bytes === 0 || tag < before) disordered += 1;
    before = tag;
    if (![compression, stripPlaces, stripBytes, tilePlaces, tileBytes, jpegPlace].includes(tag)) continue;
    if (bytes > 0) tags.set(tag, values(reader, entry + 4, bytes, place(reader, entry + 4)));
  }
  // Some writers put a tag where it does not belong; random bytes do so with most.
  return disordered * 2 > entries ? undefined : { tags, next: place(reader, end) };
}

function values(reader: Reader, entry: number, bytes: number, count: number): number[] {
  const placeBytes = reader.isLong ? 8 : 4;
  const at = count * bytes <= placeBytes ? entry + placeBytes : place(reader, entry + placeBytes);
  const most = Math.min(count, reader.purse.strips, Math.max(0, Math.floor((reader.content.length - at) / bytes)));
  reader.purse.strips -= most;
  return Array.from({ length: most }, (_none, index) => number(reader, at + index * bytes, bytes));
}

/** Undefined where nothing is said of its compression. */
function partsTorn({ content, purse }: Reader, tags: Tags): Torn[] | undefined {
  const kind = tags.get(compression)?.[0] ?? 1;
  // JPEG as of TIFF 6.0 §22: a stream of its own, beside strips that point into it.
  const own = tags.get(jpegPlace)?.[0];
  if (own !== undefined) {
    if (own > content.length) return [{ from: content.length, to: content.length, shows: 'cut' }];
    purse.bytes -= content.length - own;
    return purse.bytes < 0 ? undefined : partTorn(content, kind, own, content.length);
  }
  const places = tags.get(stripPlaces) ?? tags.get(tilePlaces) ?? [];
  const lengths = tags.get(stripBytes) ?? tags.get(tileBytes) ?? [];
  const torn: Torn[] = [];
  for (const [index, from] of places.entries()) {
    const to = from + (lengths[index] ?? 0);
    if (to > content.length) torn.push({ from: content.length, to: content.length, shows: 'cut' });
    else if (from < to) {
      purse.bytes -= to - from;
      const part = purse.bytes < 0 ? undefined : partTorn(content, kind, from, to);
      if (part === undefined) return undefined;
      add(torn, part);
    }
  }
  return torn;
}

/** Strips that follow each other are judged as one: they may be shorter than what can be judged. */
function add(torn: Torn[], parts: readonly Torn[]): void {
  for (const part of parts) {
    const last = torn.at(-1);
    if (last?.to === part.from && last.shows === part.shows && part.shows !== 'random') last.to = part.to;
    else torn.push(part);
  }
}

function partTorn(content: Buffer, kind: number, from: number, to: number): Torn[] | undefined {
  switch (kind) {
    case 1:
      return [{ from, to, shows: 'plain' }];
    // Runs, of bytes (§9) or of black and white (§10, §11).
    case 2:
    case 3:
    case 4:
    case 32_773:
      return [{ from, to, shows: 'formless' }];
    case 5:
      return lzwTorn(content, from, to);
    case 6:
    case 7:
      return content[from] === 0xff && content[from + 1] === 0xd8
        ? jpegTorn(content, from, to).filter(isSeen)
        : undefined;
    case 8:
    case 32_946:
      return inflates(content.subarray(from, to))
        ? []
        : [{ from, to, shows: hasZlibHead(content, from) ? 'cut' : 'broken' }];
    case 34_712:
      return to - from > 64 ? jpeg2000Torn(content, from, to).filter(isSeen) : undefined;
    default:
      return undefined;
  }
}

const isSeen = ({ from, to }: Torn): boolean => from < to;
