import { Damaged, NotRead } from '../faults.ts';
import { type Bytes, count, type Piece, PiecedBytes } from './bytes.ts';
import { crc32c } from './crc32c.ts';

export const isVhdx = (head: Buffer): boolean => head.toString('latin1', 0, 8) === 'vhdxfile';

const BAT = '2dc27766f62342009d64115e9bfd4a08';
const METADATA = '8b7ca20647904b9ab8fe575f050f886e';
const FILE_PARAMETERS = 'caa16737fa364d43b3b633f0aa44e76b';
const DISK_SIZE = '2fa54224cd1b4876b2115dbed83bf4b8';
const SECTOR_SIZE = '8141bf1da96f4709ba47f233a8faab5f';

/** [MS-VHDX], «Virtual Hard Disk v2 File Format»: everything little-endian, tables under CRC-32C. */
export async function openVhdx(file: Bytes): Promise<Bytes> {
  if ((await logOf(file)) !== '0'.repeat(32))
    throw new NotRead(
      'a VHDX that was not closed: its last changes stand in its log only',
      'Export it again while it is at rest.',
    );
  const regions = await regionsOf(file);
  const metadata = await metadataOf(file, region(regions, METADATA).at);
  const block = metadata(FILE_PARAMETERS, 8).readUInt32LE(0);
  if (metadata(FILE_PARAMETERS, 8).readUInt32LE(4) & 2)
    throw new NotRead(
      'a differencing VHDX, which holds changes alone',
      'Export the whole disk, not one checkpoint of it.',
    );
  const size = count(metadata(DISK_SIZE, 8).readBigUInt64LE(0));
  const sector = metadata(SECTOR_SIZE, 4).readUInt32LE(0);
  if (block < 1 << 20 || block > 256 << 20 || ![512, 4096].includes(sector))
    throw new Damaged('sizes of a VHDX that cannot be');
  const ratio = (2 ** 23 * sector) / block;
  const { at: tableAt, length: tableLength } = region(regions, BAT);
  const table = await file.read(tableAt, tableLength);
  return new PiecedBytes(size, async (offset): Promise<Piece> => {
    const index = Math.floor(offset / block);
    const inside = offset % block;
    const entry = table.readBigUInt64LE((index + Math.floor(index / ratio)) * 8);
    const state = Number(entry & 7n);
    const length = block - inside;
    if (state === 6) return { length, in: file, at: count(entry >> 20n) * 2 ** 20 + inside };
    if (state > 3) throw new Damaged(`block ${index} of the VHDX is in state ${state}`);
    return { length, in: null, at: offset };
  });
}

/** The log's id in the newest header that is whole. */
async function logOf(file: Bytes): Promise<string> {
  let newest: Buffer | undefined;
  for (const at of [1 << 16, 2 << 16]) {
    const header = await file.read(at, 4096);
    if (header.toString('latin1', 0, 4) !== 'head' || !summed(header)) continue;
    if (newest === undefined || header.readBigUInt64LE(8) > newest.readBigUInt64LE(8)) newest = header;
  }
  if (newest === undefined) throw new Damaged('neither header of the VHDX is whole');
  return newest.toString('hex', 48, 64);
}

type Regions = ReadonlyMap<string, { at: number; length: number }>;

async function regionsOf(file: Bytes): Promise<Regions> {
  for (const start of [3 << 16, 4 << 16]) {
    const table = await file.read(start, 1 << 16);
    if (table.toString('latin1', 0, 4) !== 'regi' || !summed(table)) continue;
    const regions = new Map<string, { at: number; length: number }>();
    for (let entry = 0; entry < Math.min(table.readUInt32LE(8), 2047); entry += 1) {
      const from = 16 + entry * 32;
      const id = guid(table, from);
      regions.set(id, { at: count(table.readBigUInt64LE(from + 16)), length: table.readUInt32LE(from + 24) });
      if (table.readUInt32LE(from + 28) & 1 && id !== BAT && id !== METADATA)
        throw new NotRead('a VHDX of a newer kind', 'Convert it: qemu-img convert -O qcow2');
    }
    return regions;
  }
  throw new Damaged('neither table of regions of the VHDX is whole');
}

function region(regions: Regions, id: string): { at: number; length: number } {
  const found = regions.get(id);
  if (found === undefined) throw new Damaged('a region of the VHDX is missing');
  return found;
}

async function metadataOf(file: Bytes, at: number): Promise<(id: string, length: number) => Buffer> {
  const whole = await file.read(at, 1 << 20);
  if (whole.toString('latin1', 0, 8) !== 'metadata') throw new Damaged('the metadata of the VHDX is not there');
  const items = new Map<string, number>();
  for (let entry = 0; entry < Math.min(whole.readUInt16LE(10), 2047); entry += 1)
    items.set(guid(whole, 32 + entry * 32), whole.readUInt32LE(32 + entry * 32 + 16));
  return (id, length) => {
    const from = items.get(id);
    if (from === undefined || from + length > whole.length) throw new Damaged('a fact of the VHDX is missing');
    return whole.subarray(from, from + length);
  };
}

function summed(block: Buffer): boolean {
  const zeroed = Buffer.from(block);
  zeroed.writeUInt32LE(0, 4);
  return (crc32c(0xffffffff, zeroed) ^ 0xffffffff) >>> 0 === block.readUInt32LE(4);
}

/** In the order people write them: the first three groups stand little-endian. */
function guid(bytes: Buffer, at: number): string {
  const reversed = (from: number, to: number) =>
    Buffer.from(bytes.subarray(at + from, at + to))
      .reverse()
      .toString('hex');
  return reversed(0, 4) + reversed(4, 6) + reversed(6, 8) + bytes.toString('hex', at + 8, at + 16);
}
