import { isForeign, judgedTorn } from '../judged.ts';
import type { Torn, Walk } from '../torn.ts';
import { streamWalks } from './streams.ts';

/** Compound files (MS-CFB): documents of Office before 2007, mails of Outlook, and what later documents are wrapped in or hold. */
const signature = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const entryName = (name: string): Buffer => Buffer.from(`${name}\0`, 'utf16le');
/** MS-OFFCRYPTO §1.3.2: the package is encrypted as one stream of this name. */
const encrypted = entryName('EncryptedPackage');
/** MS-OVBA §2.3.4: code is compressed in streams beside the one of this name. */
const macros = entryName('_VBA_PROJECT');

export const isCompound = (content: Buffer): boolean => content.subarray(0, signature.length).equals(signature);

/** What is closed to us in a compound file; undefined where it is none, or nothing is. */
export function closedInside(content: Buffer): string | undefined {
  if (!isCompound(content)) return undefined;
  if (content.includes(encrypted)) return 'is protected by a password';
  return content.includes(macros) ? 'holds macros, whose code is compressed: not looked into' : undefined;
}

export const isEncryptedDocument = (content: Buffer): boolean => isCompound(content) && content.includes(encrypted);

/** Values of a FAT from here on say what a sector is (§2.1); smaller ones are its next. */
const specialMin = 0xffff_fffa;
const endOfChain = 0xffff_fffe;
const entryBytes = 128;
/** Entries of the FAT that stand in the header, to its end (§2.2). */
const headerFatsAt = 0x4c;
/** Chains may be made to cross: what is gathered of all streams is bounded by the content, twice. */
const gatheredShare = 2;

/**
 * Sectors (§2.2), chained by the FAT (§2.3); the directory (§2.6) says what stream begins where. Tables and directory hold small numbers and
 * names, whatever a password protects; streams of known programs are walked by
 * their own rules, others are not judged: it is never said to be whole.
 */
export function compoundTorn(content: Buffer): Torn[] | undefined {
  const file = opened(content);
  if (file === undefined) return undefined;
  const { torn, firstDirectory, sectorBytes } = file;
  let left = content.length * gatheredShare;
  for (const at of chained(file, firstDirectory, Number.POSITIVE_INFINITY)) {
    const end = at + sectorBytes;
    if (end > content.length) break;
    if (isForeign(content, at, end, entryBytes, (entry) => isEntry(content, entry)))
      torn.push({ from: at, to: end, shows: 'random' });
    for (let entry = at; entry < end; entry += entryBytes) {
      const found = streamAt(content, entry);
      if (found === undefined || found.bytes > left) continue;
      left -= found.bytes;
      torn.push(...streamTorn(file, found));
    }
  }
  return torn.length > 0 ? torn : undefined;
}

interface Stream {
  walk: Walk;
  first: number;
  bytes: number;
}

/** Shorter streams stand in one of their own, in pieces of 64 bytes (§2.4). */
const ownSectorsMin = 4096;

function streamAt(content: Buffer, entry: number): Stream | undefined {
  if (content[entry + 66] !== 2 || !isEntry(content, entry)) return undefined;
  const name = content.toString('utf16le', entry, entry + Math.max(0, content.readUInt16LE(entry + 64) - 2));
  const walk = streamWalks.find(({ of }) => of.test(name))?.walk;
  const [first, bytes] = [content.readUInt32LE(entry + 116), content.readUInt32LE(entry + 120)];
  return walk === undefined || bytes < ownSectorsMin ? undefined : { walk, first, bytes };
}

function streamTorn(file: Compound, { walk, first, bytes }: Stream): Torn[] {
  const { content, sectorBytes } = file;
  const sectors = chained(file, first, Math.ceil(bytes / sectorBytes));
  const pieces = sectors.map((from) => content.subarray(from, from + sectorBytes));
  const stream = Buffer.concat(pieces).subarray(0, bytes);
  const from = sectors[0] ?? 0;
  const shown = stream.length < ownSectorsMin ? null : judgedTorn(stream, walk(stream) ?? []);
  if (shown === 'overwritten') return [{ from, to: from, shows: 'random' }];
  return shown === 'damaged' || stream.length < bytes ? [{ from, to: from, shows: 'cut' }] : [];
}

interface Compound {
  content: Buffer;
  sectorBytes: number;
  /** Where each sector of the FAT stands. */
  fat: number[];
  firstDirectory: number;
  torn: Torn[];
}

function opened(content: Buffer): Compound | undefined {
  const shift = content.length < 512 ? 0 : content.readUInt16LE(0x1e);
  if (shift !== 9 && shift !== 12) return undefined;
  const sectorBytes = 1 << shift;
  const fats = content.readUInt32LE(0x2c);
  const named = namedFats(content, sectorBytes).slice(0, fats);
  const fat = named.filter((at) => at + sectorBytes <= content.length);
  const torn: Torn[] = [];
  if (fat.length < named.length) torn.push({ from: content.length, to: content.length, shows: 'cut' });
  // A file that was cut off still names no sector that its own tables have no entry for.
  const entries = (fats * sectorBytes) / 4;
  const isNext = (at: number) => content.readUInt32LE(at) < entries || content.readUInt32LE(at) >= specialMin;
  for (const at of fat)
    if (isForeign(content, at, at + sectorBytes, 4, isNext))
      torn.push({ from: at, to: at + sectorBytes, shows: 'random' });
  return { content, sectorBytes, fat, firstDirectory: content.readUInt32LE(0x30), torn };
}

/** Places of the FAT's sectors: 109 in the header, of a larger file more in sectors of their own, each ending with the next (§2.5). */
function namedFats(content: Buffer, sectorBytes: number): number[] {
  const place = (sector: number) => (sector + 1) * sectorBytes;
  const sectors = Math.ceil(content.length / sectorBytes);
  const named: number[] = [];
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += 4) {
      const sector = content.readUInt32LE(at);
      if (sector < specialMin && named.length < sectors) named.push(place(sector));
    }
  };
  add(headerFatsAt, 512);
  let next = content.readUInt32LE(0x44);
  for (let read = 0; read < sectors && next < specialMin; read += 1) {
    const [at, end] = [place(next), place(next + 1) - 4];
    if (end + 4 > content.length) break;
    add(at, end);
    next = content.readUInt32LE(end);
  }
  return named;
}

/** Places of a chain's sectors, as far as it goes. */
function chained({ content, sectorBytes, fat }: Compound, first: number, sectorsMax: number): number[] {
  const sectors: number[] = [];
  const perSector = sectorBytes / 4;
  const most = Math.min(sectorsMax, content.length / sectorBytes);
  for (let sector = first; sector < endOfChain && sectors.length < most; ) {
    const at = (sector + 1) * sectorBytes;
    const table = fat[Math.floor(sector / perSector)];
    if (at >= content.length || table === undefined) break;
    sectors.push(at);
    sector = content.readUInt32LE(table + 4 * (sector % perSector));
  }
  return sectors;
}

/** §2.6.1: the name's length with its end in bytes, the kind, the colour in a tree. */
const isEntry = (content: Buffer, at: number): boolean => {
  const nameBytes = content.readUInt16LE(at + 64);
  return (
    nameBytes <= 64 &&
    nameBytes % 2 === 0 &&
    [0, 1, 2, 5].includes(content[at + 66] ?? 0) &&
    (content[at + 67] ?? 0) <= 1
  );
};
