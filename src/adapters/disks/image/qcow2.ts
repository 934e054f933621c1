import { Damaged, NotRead } from '../faults.ts';
import { type Bytes, count, MemoryBytes, type Piece, PiecedBytes } from './bytes.ts';
import { Recent } from './cached.ts';
import { inflated } from './inflate.ts';

/** `QFI\xfb`. */
export const isQcow2 = (head: Buffer): boolean => head.length >= 72 && head.readUInt32BE(0) === 0x514649fb;

const incompatible = { dirty: 1, corrupt: 2, externalData: 4, compression: 8, extendedL2: 16 };
const OFFSET = 0x00ff_ffff_ffff_fe00n;
const COMPRESSED = 1n << 62n;
const L1_BYTES_MAX = 32 * 1024 * 1024;

/**
 * QEMU's docs/interop/qcow2.txt, versions 2 and 3. `backing` opens the image named in the header, and decides whether it may be.
 * Internal snapshots are not looked at: the active state is what was exported.
 */
export async function openQcow2(file: Bytes, backing: (name: string) => Promise<Bytes>): Promise<Bytes> {
  const header = await file.read(0, Math.min(file.size, 512));
  const version = header.readUInt32BE(4);
  if (version !== 2 && version !== 3)
    throw new NotRead(`qcow version ${version}`, 'Convert it: qemu-img convert -O qcow2');
  const bits = header.readUInt32BE(20);
  const size = count(header.readBigUInt64BE(24));
  const features = version === 3 ? Number(header.readBigUInt64BE(72) & 0xffff_ffffn) : 0;
  if (bits < 9 || bits > 21) throw new Damaged(`clusters of 2^${bits} bytes`);
  refuseUnread(header.readUInt32BE(32), features);
  const packedAs = features & incompatible.compression && header[104] === 1 ? 'zstd' : 'deflate';
  const cluster = 2 ** bits;
  const perTable = cluster / 8;
  const l1Entries = header.readUInt32BE(36);
  if (l1Entries * 8 > L1_BYTES_MAX || l1Entries * perTable * cluster < size)
    throw new Damaged('the first table does not cover the disk');
  const l1 = await file.read(count(header.readBigUInt64BE(40)), l1Entries * 8);
  const below = await backingOf(file, header, backing);
  const tables = new Recent<Buffer>(128);
  const unpacked = new Recent<Bytes>(32);
  const offsetBits = 62n - BigInt(bits - 8);

  const unpack = (entry: bigint): Promise<Bytes> => {
    const at = count(entry & ((1n << offsetBits) - 1n));
    const sectors = Number((entry & (COMPRESSED - 1n)) >> offsetBits) + 1;
    const length = Math.min(sectors * 512 - (at % 512), file.size - at);
    return unpacked.get(
      at,
      async () => new MemoryBytes(await inflated(await file.read(at, length), packedAs, cluster)),
    );
  };
  const absent = (offset: number, length: number): Piece => {
    if (below === undefined || offset >= below.size) return { length, in: null, at: offset };
    return { length: Math.min(length, below.size - offset), in: below, at: offset };
  };
  return new PiecedBytes(size, async (offset) => {
    const index = Math.floor(offset / cluster);
    const inside = offset % cluster;
    const first = Math.floor(index / perTable);
    const tableAt = count(l1.readBigUInt64BE(first * 8) & OFFSET);
    if (tableAt === 0) return absent(offset, (first + 1) * perTable * cluster - offset);
    const table = await tables.get(tableAt, () => file.read(tableAt, cluster));
    const entry = table.readBigUInt64BE((index % perTable) * 8);
    const length = cluster - inside;
    if (entry & COMPRESSED) return { length, in: await unpack(entry), at: inside };
    if (version === 3 && entry & 1n) return { length, in: null, at: offset };
    const at = count(entry & OFFSET);
    return at === 0 ? absent(offset, length) : { length, in: file, at: at + inside };
  });
}

function refuseUnread(encryption: number, features: number): void {
  if (encryption !== 0)
    throw new NotRead('an encrypted qcow2 image', 'Export it without encryption, or decrypt a copy: qemu-img convert.');
  if (features & incompatible.corrupt) throw new Damaged('QEMU marked this image as corrupt');
  if (features & incompatible.externalData)
    throw new NotRead('a qcow2 image whose data stands in another file', 'Convert it: qemu-img convert -O qcow2');
  if (features & ~(incompatible.dirty | incompatible.compression))
    throw new NotRead('a qcow2 image of a newer kind', 'Convert it: qemu-img convert -O qcow2');
}

async function backingOf(
  file: Bytes,
  header: Buffer,
  backing: (name: string) => Promise<Bytes>,
): Promise<Bytes | undefined> {
  const at = count(header.readBigUInt64BE(8));
  const length = header.readUInt32BE(16);
  if (at === 0) return undefined;
  if (length > 1023) throw new Damaged('the name of its backing file is too long');
  return backing((await file.read(at, length)).toString('utf8'));
}
