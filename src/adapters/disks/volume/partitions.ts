import { crc32 } from 'node:zlib';
import { Damaged } from '../faults.ts';
import { type Bytes, count, slice } from '../image/bytes.ts';

export interface Partition {
  number: number;
  /** Its name in a GPT; '' where it has none. */
  name: string;
  bytes: Bytes;
}

/** Reserved by firmware or Windows for itself: there is no file system to find there. */
const withoutFiles = new Set([
  '21686148-6449-6e6f-744e-656564454649', // BIOS boot
  'e3c9e316-0b5c-4db8-817d-f92df00215ae', // Microsoft reserved
]);
const MBR_ENTRIES = 4;
const GPT_ENTRIES_MAX = 1024;
const LOGICAL_MAX = 128;
const extended = new Set([0x05, 0x0f, 0x85]);
const PROTECTIVE = 0xee;

/** The partitions of a disk; undefined where it has no table of them. */
export async function partitionsOf(disk: Bytes): Promise<Partition[] | undefined> {
  if (disk.size < 1024) return undefined;
  const first = await disk.read(0, 512);
  const types = Array.from({ length: MBR_ENTRIES }, (_none, index) => first[446 + index * 16 + 4] ?? 0);
  if (first.readUInt16LE(510) !== 0xaa55 || types.every((type) => type === 0)) return undefined;
  return types.includes(PROTECTIVE) ? gpt(disk) : mbr(disk, first);
}

/** UEFI specification, 5.3. A damaged first header is replaced by the copy at the disk's end. */
async function gpt(disk: Bytes): Promise<Partition[]> {
  for (const sector of [512, 4096])
    for (const at of [sector, disk.size - sector]) {
      const entries = await gptEntries(disk, at, sector).catch((error: unknown) => {
        if (error instanceof Damaged || error instanceof RangeError) return undefined;
        throw error;
      });
      if (entries) return entries;
    }
  throw new Damaged('neither copy of the partition table (GPT) is whole');
}

async function gptEntries(disk: Bytes, at: number, sector: number): Promise<Partition[] | undefined> {
  const header = Buffer.from(await disk.read(at, 512));
  const length = header.readUInt32LE(12);
  if (header.toString('latin1', 0, 8) !== 'EFI PART' || length < 92 || length > 512) return undefined;
  const sum = header.readUInt32LE(16);
  header.writeUInt32LE(0, 16);
  if (crc32(header.subarray(0, length)) !== sum) return undefined;
  const entries = header.readUInt32LE(80);
  const size = header.readUInt32LE(84);
  if (entries > GPT_ENTRIES_MAX || size < 128 || size > 4096) return undefined;
  const table = await disk.read(count(header.readBigUInt64LE(72)) * sector, entries * size);
  if (crc32(table) !== header.readUInt32LE(88)) return undefined;
  const partitions: Partition[] = [];
  for (let index = 0; index < entries; index += 1) {
    const entry = table.subarray(index * size, (index + 1) * size);
    if (entry.subarray(0, 16).every((byte) => byte === 0) || withoutFiles.has(guid(entry))) continue;
    const start = count(entry.readBigUInt64LE(32)) * sector;
    const end = (count(entry.readBigUInt64LE(40)) + 1) * sector;
    const name = entry.toString('utf16le', 56, 128).split('\0', 1)[0] ?? '';
    partitions.push({ number: index + 1, name, bytes: slice(disk, start, end - start) });
  }
  return partitions;
}

/** Four entries; an extended one begins a chain, each link naming one logical partition and the next link. */
async function mbr(disk: Bytes, first: Buffer): Promise<Partition[]> {
  const partitions: Partition[] = [];
  const at = (start: number, sectors: number) => slice(disk, start * 512, sectors * 512);
  let chain: number | undefined;
  for (const [index, { type, start, sectors }] of entriesOf(first).entries()) {
    if (extended.has(type)) chain ??= start;
    else if (type !== 0) partitions.push({ number: index + 1, name: '', bytes: at(start, sectors) });
  }
  const base = chain;
  for (let link = base, number = 5; link !== undefined && base !== undefined; number += 1) {
    if (number > LOGICAL_MAX) throw new Damaged('logical partitions that never end');
    const table = await disk.read(link * 512, 512);
    if (table.readUInt16LE(510) !== 0xaa55) throw new Damaged('a logical partition is not where the table says');
    const [logical, next] = entriesOf(table);
    if (logical && logical.type !== 0)
      partitions.push({ number, name: '', bytes: at(link + logical.start, logical.sectors) });
    link = next && extended.has(next.type) ? base + next.start : undefined;
  }
  return partitions;
}

const entriesOf = (sector: Buffer): { type: number; start: number; sectors: number }[] =>
  Array.from({ length: MBR_ENTRIES }, (_none, index) => {
    const from = 446 + index * 16;
    return {
      type: sector[from + 4] ?? 0,
      start: sector.readUInt32LE(from + 8),
      sectors: sector.readUInt32LE(from + 12),
    };
  });

const guid = (bytes: Buffer): string =>
  [
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8, 10),
    bytes.subarray(10, 16),
  ]
    .map((part) => part.toString('hex'))
    .join('-');
