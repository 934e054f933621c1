import { Damaged, NotRead } from '../../faults.ts';
import { type Bytes, count, slice } from '../../image/bytes.ts';
import { type DiskEntry, type DiskFileSystem, type DiskNode, STRETCH_BYTES, type Stretch } from '../fileSystem.ts';
import { kindOfMode, modeOf } from '../unixMode.ts';
import { entriesOf } from './folder.ts';
import { extentsOf, format, type Inode, inodeOf, placeOf, type Shape, summed } from './inode.ts';
import { wasUnmounted } from './log.ts';

const incompatible = { kinds: 1, needsRepair: 16, read: 1 | 2 | 4 | 8 | 16 | 32 };
const KINDS_V4 = 0x200;
const BIG_TIMES = 8n;
const LINK_HEADER_BYTES = 56;

/** XFS of versions 4 and 5 («XFS Algorithms & Data Structures», 3rd edition). Its log is not replayed: that is said where it would be. */
export async function openXfs(bytes: Bytes): Promise<DiskFileSystem> {
  const head = await bytes.read(0, 512);
  const blockBytes = head.readUInt32BE(4);
  const sums = (head.readUInt16BE(100) & 15) === 5;
  const features = sums ? head.readUInt32BE(216) : 0;
  const [groupBlocks, groups] = [head.readUInt32BE(84), head.readUInt32BE(88)];
  const sectorBytes = head.readUInt16BE(102);
  if (
    blockBytes < 512 ||
    blockBytes > 65_536 ||
    groups === 0 ||
    groupBlocks === 0 ||
    sectorBytes < 512 ||
    sectorBytes > 32_768
  )
    throw new Damaged('sizes of the XFS file system that cannot be');
  if (sums && !summed(await bytes.read(0, sectorBytes), 224))
    throw new Damaged('the head of the file system is not what its checksum says');
  if (features & ~incompatible.read)
    throw new NotRead('an XFS file system of a newer kind', 'Back up its files from inside the machine.');
  if (features & incompatible.needsRepair) throw new Damaged('XFS marked this file system as in need of repair');
  const blocks = count(head.readBigUInt64BE(8));
  if (blocks * blockBytes > bytes.size) throw new Damaged('the file system is longer than the place it stands in');
  const shape: Shape = {
    bytes,
    blockBytes,
    sums,
    kinds: sums ? (features & incompatible.kinds) !== 0 : (head.readUInt32BE(200) & KINDS_V4) !== 0,
    groupBlocks,
    groups,
    groupBits: head[124] ?? 0,
    inodeBits: head[123] ?? 0,
    inodeBytes: head.readUInt16BE(104),
    folderBlocks: 2 ** Math.min(head[192] ?? 0, 4),
  };
  if (shape.inodeBytes < 256 || shape.inodeBytes > 2048 || shape.inodeBits > 16 || shape.groupBits > 32)
    throw new Damaged('sizes of the XFS file system that cannot be');
  const label = head.toString('utf8', 108, 120).split('\0', 1)[0] ?? '';
  return new Xfs(shape, label, count(head.readBigUInt64BE(56)), await notesOf(shape, head));
}

/** A log on another disk cannot be asked. */
async function notesOf(shape: Shape, head: Buffer): Promise<string[]> {
  const start = count(head.readBigUInt64BE(48));
  const log =
    start === 0 ? undefined : slice(shape.bytes, placeOf(shape, start), head.readUInt32BE(96) * shape.blockBytes);
  if (log && (await wasUnmounted(log))) return [];
  return ['was in use when it was copied: what stood only in its log is not taken into account'];
}

class Xfs implements DiskFileSystem {
  readonly kind = 'XFS';
  readonly label: string;
  readonly root: number;
  readonly notes: readonly string[];
  readonly #shape: Shape;

  constructor(shape: Shape, label: string, root: number, notes: readonly string[]) {
    this.#shape = shape;
    this.label = label;
    this.root = root;
    this.notes = notes;
  }

  async node(id: number): Promise<DiskNode> {
    const inode = await inodeOf(this.#shape, id);
    const { raw } = inode;
    const kind = kindOfMode(inode.mode);
    const big = this.#shape.sums && (raw.readBigUInt64BE(120) & BIG_TIMES) !== 0n;
    return {
      id,
      kind,
      bytes: kind === 'file' || kind === 'link' ? inode.bytes : 0,
      diskBytes: count(raw.readBigUInt64BE(64)) * this.#shape.blockBytes,
      owned: { mode: modeOf(inode.mode), user: raw.readUInt32BE(8), group: raw.readUInt32BE(12) },
      modifiedAt: instantOf(raw, 40, big),
      accessedAt: instantOf(raw, 32, big),
      names: raw.readUInt32BE(16),
      leftOut: (raw[82] ?? 0) !== 0 && hasAttributes(raw) ? ['extended attributes that are not given back'] : [],
    };
  }

  async *entries(folder: DiskNode): AsyncIterable<DiskEntry> {
    yield* entriesOf(this.#shape, await inodeOf(this.#shape, folder.id));
  }

  async *content(file: DiskNode): AsyncIterable<Stretch> {
    const inode = await inodeOf(this.#shape, file.id);
    const { blockBytes, bytes } = this.#shape;
    for await (const { at, from, blocks } of extentsOf(this.#shape, inode)) {
      const length = Math.min(blocks * blockBytes, inode.bytes - at * blockBytes);
      for (let done = 0; from !== null && done < length; done += STRETCH_BYTES)
        yield {
          at: at * blockBytes + done,
          data: await bytes.read(placeOf(this.#shape, from) + done, Math.min(STRETCH_BYTES, length - done)),
        };
    }
  }

  async target(link: DiskNode): Promise<Buffer> {
    const inode = await inodeOf(this.#shape, link.id);
    if (inode.bytes > 4096) throw new Damaged('a link longer than any path');
    return inode.format === format.local ? inode.fork.subarray(0, inode.bytes) : this.#longTarget(inode);
  }

  /** In blocks, each with a header of its own in version 5. */
  async #longTarget(inode: Inode): Promise<Buffer> {
    const { blockBytes, bytes, sums } = this.#shape;
    const parts: Buffer[] = [];
    for await (const { from, blocks } of extentsOf(this.#shape, inode))
      for (let block = 0; from !== null && block < blocks; block += 1) {
        const read = await bytes.read(placeOf(this.#shape, from + block), blockBytes);
        if (sums && !(summed(read, 12) && read.toString('latin1', 0, 4) === 'XSLM'))
          throw new Damaged('a link is not what its checksum says');
        parts.push(sums ? read.subarray(LINK_HEADER_BYTES, LINK_HEADER_BYTES + read.readUInt32BE(8)) : read);
      }
    return Buffer.concat(parts).subarray(0, inode.bytes);
  }
}

/** A fork of attributes may stand there empty. */
function hasAttributes(raw: Buffer): boolean {
  const start = ((raw[4] ?? 0) >= 3 ? 176 : 100) + (raw[82] ?? 0) * 8;
  return (raw[83] ?? 0) === format.local ? (raw[start + 2] ?? 0) > 0 : raw.readUInt16BE(80) > 0;
}

/** Seconds and nanoseconds; with big times, nanoseconds since 1901. */
function instantOf(raw: Buffer, at: number, big: boolean): { seconds: number; nanoseconds: number } {
  if (!big) return { seconds: raw.readInt32BE(at), nanoseconds: Math.min(raw.readUInt32BE(at + 4), 999_999_999) };
  const since = raw.readBigUInt64BE(at);
  return { seconds: Number(since / 1_000_000_000n) - 2 ** 31, nanoseconds: Number(since % 1_000_000_000n) };
}
