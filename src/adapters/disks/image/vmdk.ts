import { Damaged, NotRead } from '../faults.ts';
import { type Bytes, concatenated, count, MemoryBytes, type Piece, PiecedBytes } from './bytes.ts';
import { Recent } from './cached.ts';
import { inflated } from './inflate.ts';

const SECTOR = 512;
const DESCRIPTOR_BYTES_MAX = 1 << 20;
const AT_END = 0xffff_ffff_ffff_ffffn;
const flag = { zeroedGrains: 1 << 2, compressed: 1 << 16 };

/** `KDMV`: a sparse extent, which may hold its descriptor. */
export const isVmdkExtent = (head: Buffer): boolean => head.toString('latin1', 0, 4) === 'KDMV';
/** A descriptor, in a file of its own or inside an extent. */
export const isVmdkDescriptor = (head: Buffer): boolean =>
  /^# *disk descriptorfile/i.test(head.toString('latin1', 0, 64));

interface Line {
  sectors: number;
  kind: string;
  name: string;
  startSector: number;
}

export interface VmdkDescriptor {
  lines: Line[];
  /** File of the disk that this one holds changes to. */
  parent?: string;
}

/** «Virtual Disk Format 5.0» (VMware), 2: `RW 4192256 SPARSE "disk-s001.vmdk" [start]`. */
export function parseDescriptor(text: string): VmdkDescriptor {
  const lines: Line[] = [];
  for (const row of text.split(/\r?\n/)) {
    const [, access, sectors, kind = '', name = '', start = '0'] =
      /^\s*(RW|RDONLY|NOACCESS)\s+(\d+)\s+([A-Z0-9]+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?/.exec(row) ?? [];
    if (access !== undefined) lines.push({ sectors: Number(sectors), kind, name, startSector: Number(start) });
  }
  const parent = /^parentFileNameHint\s*=\s*"([^"]*)"/im.exec(text)?.[1];
  const hasParent = !/^parentCID\s*=\s*ffffffff\s*$/im.test(text) && /^parentCID\s*=/im.test(text);
  return { lines, ...(hasParent ? { parent: parent ?? '' } : {}) };
}

/** The descriptor's text: of a whole file, or inside a sparse extent. Undefined where it has none: one extent of several. */
export async function descriptorOf(file: Bytes): Promise<string | undefined> {
  const head = await file.read(0, Math.min(SECTOR, file.size));
  if (isVmdkDescriptor(head)) return textOf(file, 0, Math.min(file.size, DESCRIPTOR_BYTES_MAX));
  if (!isVmdkExtent(head)) return undefined;
  const at = count(head.readBigUInt64LE(28)) * SECTOR;
  const length = count(head.readBigUInt64LE(36)) * SECTOR;
  return at === 0 ? undefined : textOf(file, at, Math.min(length, DESCRIPTOR_BYTES_MAX));
}

const textOf = async (file: Bytes, at: number, length: number): Promise<string> =>
  (await file.read(at, length)).toString('utf8').split('\0', 1)[0] ?? '';

/** A disk from its descriptor: `sibling` opens a file it names, and decides whether it may be; `whole` a disk it rests on. */
export async function openVmdk(
  file: Bytes,
  sibling: (name: string) => Promise<Bytes>,
  whole: (name: string) => Promise<Bytes>,
): Promise<Bytes> {
  const text = await descriptorOf(file);
  if (text === undefined) throw new Damaged('one extent of a VMDK without its descriptor');
  const { lines, parent } = parseDescriptor(text);
  if (lines.length === 0) throw new Damaged('the descriptor of the VMDK names no extent');
  const below = parent === undefined ? undefined : await whole(parent);
  const inside = isVmdkExtent(await file.read(0, Math.min(SECTOR, file.size)));
  const parts: Piece[] = [];
  let start = 0;
  for (const line of lines) {
    const length = line.sectors * SECTOR;
    const extent = await extentOf(line, inside && lines.length === 1 ? async () => file : sibling, below, start);
    if (extent.in && extent.at + length > extent.in.size)
      throw new Damaged(`${line.name} is shorter than its descriptor says`);
    parts.push({ ...extent, length });
    start += length;
  }
  return concatenated(parts);
}

async function extentOf(
  { kind, name, startSector }: Line,
  open: (name: string) => Promise<Bytes>,
  below: Bytes | undefined,
  start: number,
): Promise<{ in: Bytes | null; at: number }> {
  switch (kind) {
    case 'ZERO':
      return { in: null, at: 0 };
    case 'FLAT':
    case 'VMFS':
      return { in: await open(name), at: startSector * SECTOR };
    case 'SPARSE':
      return { in: await openSparse(await open(name), below, start), at: 0 };
    default:
      throw new NotRead(
        `a VMDK with extents of kind ${kind}`,
        'Export it as monolithicSparse, streamOptimized or flat.',
      );
  }
}

/** A grain directory, tables, grains; what no table names stands in the disk below, at `start` in it. */
async function openSparse(file: Bytes, below: Bytes | undefined, start: number): Promise<Bytes> {
  let header = await file.read(0, SECTOR);
  if (!isVmdkExtent(header)) throw new Damaged('a sparse extent of the VMDK does not begin as one');
  // streamOptimized: written in one go, so that only its end knows where the directory stands.
  if (header.readBigUInt64LE(56) === AT_END) header = await file.read(file.size - 2 * SECTOR, SECTOR);
  if (!isVmdkExtent(header)) throw new Damaged('the VMDK ends before its last header');
  const flags = header.readUInt32LE(8);
  const size = count(header.readBigUInt64LE(12)) * SECTOR;
  const grain = count(header.readBigUInt64LE(20)) * SECTOR;
  const perTable = header.readUInt32LE(44);
  if (grain < SECTOR || grain > 1 << 24 || perTable === 0 || perTable > 1 << 16)
    throw new Damaged('sizes of a VMDK that cannot be');
  const directory = await file.read(count(header.readBigUInt64LE(56)) * SECTOR, Math.ceil(size / grain / perTable) * 4);
  const tables = new Recent<Buffer>(512);
  const unpacked = new Recent<Bytes>(32);
  const absent = (offset: number, length: number): Piece =>
    below === undefined || start + offset >= below.size
      ? { length, in: null, at: offset }
      : { length: Math.min(length, below.size - start - offset), in: below, at: start + offset };
  return new PiecedBytes(size, async (offset) => {
    const index = Math.floor(offset / grain);
    const inside = offset % grain;
    const length = Math.min(grain - inside, size - offset);
    const tableAt = directory.readUInt32LE(Math.floor(index / perTable) * 4) * SECTOR;
    if (tableAt === 0) return absent(offset, length);
    const table = await tables.get(tableAt, () => file.read(tableAt, perTable * 4));
    const at = table.readUInt32LE((index % perTable) * 4);
    if (at === 0) return absent(offset, length);
    if (at === 1 && flags & flag.zeroedGrains) return { length, in: null, at: offset };
    if (!(flags & flag.compressed)) return { length, in: file, at: at * SECTOR + inside };
    return {
      length,
      in: await unpacked.get(at, () => grainAt(file, at * SECTOR, Math.min(grain, size - index * grain))),
      at: inside,
    };
  });
}

/** Its number, the length of what follows, zlib. */
async function grainAt(file: Bytes, at: number, length: number): Promise<Bytes> {
  const packed = (await file.read(at, 12)).readUInt32LE(8);
  if (packed > 2 * length + 4096) throw new Damaged('a compressed grain longer than itself');
  return new MemoryBytes(await inflated(await file.read(at + 12, packed), 'zlib', length));
}
