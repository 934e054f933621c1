import { Damaged, NotRead } from '../../faults.ts';
import { type Bytes, count } from '../../image/bytes.ts';
import { crc32c } from '../../image/crc32c.ts';
import { type DiskEntry, type DiskFileSystem, type DiskNode, STRETCH_BYTES, type Stretch } from '../fileSystem.ts';
import { kindOfMode, modeOf } from '../unixMode.ts';
import { attributesOf, attributeValue } from './extAttributes.ts';
import { entriesIn } from './extFolder.ts';
import { replayed } from './extJournal.ts';
import { blocksOf, type ExtMap } from './extMap.ts';

const incompatible = {
  compression: 0x1,
  recover: 0x4,
  journalDevice: 0x8,
  metaGroups: 0x10,
  is64bit: 0x80,
  checksumSeed: 0x2000,
};
/** File types, extents, 64 bits, MMP, flexible groups, attributes in inodes, seed, large folders, inline data, encryption, case folding. */
const READ = 0x2 | 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x2000 | 0x4000 | 0x8000 | 0x10000 | 0x20000;
const METADATA_CHECKSUMS = 0x400;
const flag = { encrypted: 0x800, hugeBlocks: 0x40000, extents: 0x80000, inline: 0x10000000 };
const ROOT = 2;
const JOURNAL = 8;

export interface ExtInode {
  id: number;
  raw: Buffer;
  flags: number;
  bytes: number;
  mode: number;
  /** Of the checksums of everything that belongs to this inode. */
  seed: number;
}

/** ext2, ext3 and ext4 (Linux's Documentation/filesystems/ext4); what stands in the journal is read as if it had been replayed. */
export async function openExt(bytes: Bytes): Promise<DiskFileSystem> {
  const plain = new Ext(bytes, await bytes.read(1024, 1024));
  if (!plain.needsRecovery) return plain;
  const overlaid = await replayed(bytes, await plain.journal(), plain.blockBytes);
  const recovered = new Ext(overlaid, await overlaid.read(1024, 1024));
  recovered.notes.push('was in use when it was copied: its journal was taken into account');
  return recovered;
}

class Ext implements DiskFileSystem {
  readonly kind: string;
  readonly label: string;
  readonly root = ROOT;
  readonly notes: string[] = [];
  readonly needsRecovery: boolean;
  readonly blockBytes: number;
  readonly #bytes: Bytes;
  readonly #sums: boolean;
  readonly #seed: number;
  readonly #inodes: number;
  readonly #inodesPerGroup: number;
  readonly #inodeBytes: number;
  readonly #descriptorBytes: number;
  readonly #firstDataBlock: number;
  readonly #map: ExtMap;

  constructor(bytes: Bytes, superblock: Buffer) {
    const features = superblock.readUInt32LE(96);
    if (features & incompatible.journalDevice)
      throw new NotRead('the journal of an ext4 file system alone', 'Name the volume wanted.');
    if (features & ~READ || features & incompatible.metaGroups)
      throw new NotRead(
        'an ext4 file system with features that are not read',
        'Back up its files from inside the machine.',
      );
    const scale = superblock.readUInt32LE(24);
    if (scale > 6) throw new Damaged('blocks of the file system that cannot be');
    this.blockBytes = 1024 << scale;
    this.#sums = (superblock.readUInt32LE(100) & METADATA_CHECKSUMS) !== 0;
    const uuid = superblock.subarray(104, 120);
    if (this.#sums && crc32c(0xffffffff, superblock.subarray(0, 1020)) !== superblock.readUInt32LE(1020))
      throw new Damaged('the head of the file system is not what its checksum says');
    this.#seed = features & incompatible.checksumSeed ? superblock.readUInt32LE(624) : crc32c(0xffffffff, uuid);
    this.#inodes = superblock.readUInt32LE(0);
    this.#inodesPerGroup = superblock.readUInt32LE(40);
    this.#inodeBytes = superblock.readUInt32LE(76) === 0 ? 128 : superblock.readUInt16LE(88);
    this.#descriptorBytes = features & incompatible.is64bit ? superblock.readUInt16LE(254) : 32;
    this.#firstDataBlock = superblock.readUInt32LE(20);
    if (
      this.#inodesPerGroup === 0 ||
      this.#inodeBytes < 128 ||
      this.#inodeBytes > this.blockBytes ||
      this.#descriptorBytes < 32
    )
      throw new Damaged('sizes of the file system that cannot be');
    const blocks =
      superblock.readUInt32LE(4) + (features & incompatible.is64bit ? superblock.readUInt32LE(336) * 2 ** 32 : 0);
    if (blocks * this.blockBytes > bytes.size)
      throw new Damaged('the file system is longer than the place it stands in');
    this.needsRecovery = (features & incompatible.recover) !== 0;
    this.label = superblock.toString('utf8', 120, 136).split('\0', 1)[0] ?? '';
    this.kind = features & 0x40 ? 'ext4' : 'ext';
    this.#bytes = bytes;
    this.#map = { bytes, blockBytes: this.blockBytes, sums: this.#sums };
  }

  journal = (): Promise<Stretches> =>
    this.#inode(JOURNAL).then((inode) => ({ bytes: inode.bytes, stretches: blocksOf(this.#map, inode) }));

  async node(id: number): Promise<DiskNode> {
    const inode = await this.#inode(id);
    const { raw } = inode;
    const kind = kindOfMode(inode.mode);
    const named = await attributesOf(this.#map, inode);
    const shared = named.filter(({ name }) => name !== 'system.data');
    const extra = this.#inodeBytes > 128 ? raw.readUInt16LE(128) : 0;
    const cannot =
      inode.flags & flag.encrypted && kind !== 'folder' ? 'encrypted inside its file system (fscrypt)' : undefined;
    return {
      id,
      kind,
      bytes: kind === 'file' || kind === 'link' ? inode.bytes : 0,
      diskBytes: raw.readUInt32LE(28) * (inode.flags & flag.hugeBlocks ? this.blockBytes : 512),
      owned: {
        mode: modeOf(inode.mode),
        user: raw.readUInt16LE(2) + raw.readUInt16LE(120) * 65536,
        group: raw.readUInt16LE(24) + raw.readUInt16LE(122) * 65536,
      },
      modifiedAt: instantOf(raw, 16, extra >= 12 ? 136 : undefined),
      accessedAt: instantOf(raw, 8, extra >= 16 ? 140 : undefined),
      names: raw.readUInt16LE(26),
      ...(cannot === undefined ? {} : { cannot }),
      leftOut:
        shared.length === 0 ? [] : [`attributes that are not given back: ${shared.map(({ name }) => name).join(', ')}`],
    };
  }

  async *entries(folder: DiskNode): AsyncIterable<DiskEntry> {
    const inode = await this.#inode(folder.id);
    if (inode.flags & flag.encrypted) throw new Damaged('a folder whose names are encrypted (fscrypt)');
    if (folder.id === ROOT) return yield* this.#without(inode, 'lost+found');
    yield* this.#all(inode);
  }

  /** A folder that the file system makes for itself is told only where it holds something. */
  async *#without(inode: ExtInode, own: string): AsyncIterable<DiskEntry> {
    for await (const entry of this.#all(inode)) {
      if (entry.name.toString('latin1') === own && (await this.#empty(entry.id))) continue;
      yield entry;
    }
  }

  async #empty(id: number): Promise<boolean> {
    const inode = await this.#inode(id);
    if (kindOfMode(inode.mode) !== 'folder') return false;
    for await (const _entry of this.#all(inode)) return false;
    return true;
  }

  async *#all(inode: ExtInode): AsyncIterable<DiskEntry> {
    if (inode.flags & flag.inline) {
      const inline = await this.#inline(inode);
      yield* entriesIn(inline.subarray(4, 60), 0, false);
      if (inline.length > 60) yield* entriesIn(inline.subarray(60), 0, false);
      return;
    }
    for await (const { from, blocks } of blocksOf(this.#map, inode))
      for (let block = 0; from !== null && block < blocks; block += 1) {
        const read = await this.#bytes.read((from + block) * this.blockBytes, this.blockBytes);
        yield* entriesIn(read, inode.seed, this.#sums);
      }
  }

  async *content(file: DiskNode): AsyncIterable<Stretch> {
    const inode = await this.#inode(file.id);
    if (inode.flags & flag.inline) {
      yield { at: 0, data: (await this.#inline(inode)).subarray(0, inode.bytes) };
      return;
    }
    for await (const { at, from, blocks } of blocksOf(this.#map, inode)) {
      const start = at * this.blockBytes;
      const length = Math.min(blocks * this.blockBytes, inode.bytes - start);
      for (let done = 0; from !== null && done < length; done += STRETCH_BYTES)
        yield {
          at: start + done,
          data: await this.#bytes.read(from * this.blockBytes + done, Math.min(STRETCH_BYTES, length - done)),
        };
    }
  }

  async target(link: DiskNode): Promise<Buffer> {
    const inode = await this.#inode(link.id);
    if (inode.bytes > 4096) throw new Damaged('a link longer than any path');
    if (inode.flags & flag.inline) return (await this.#inline(inode)).subarray(0, inode.bytes);
    if (!(inode.flags & flag.extents) && inode.bytes < 60) return inode.raw.subarray(40, 40 + inode.bytes);
    for await (const { data } of this.content(link)) return data;
    throw new Damaged('a link that leads nowhere');
  }

  /** Its first 60 bytes stand where the map would; the rest in an attribute. */
  async #inline(inode: ExtInode): Promise<Buffer> {
    const rest = (await attributesOf(this.#map, inode)).find(({ name }) => name === 'system.data');
    return Buffer.concat([inode.raw.subarray(40, 100), rest === undefined ? Buffer.alloc(0) : attributeValue(rest)]);
  }

  async #inode(id: number): Promise<ExtInode> {
    if (!(id >= 1 && id <= this.#inodes)) throw new Damaged(`inode ${id} does not exist`);
    const group = Math.floor((id - 1) / this.#inodesPerGroup);
    const descriptor = await this.#bytes.read(
      (this.#firstDataBlock + 1) * this.blockBytes + group * this.#descriptorBytes,
      this.#descriptorBytes,
    );
    const high = this.#descriptorBytes >= 64 ? descriptor.readUInt32LE(40) : 0;
    const table = descriptor.readUInt32LE(8) + high * 2 ** 32;
    const index = (id - 1) % this.#inodesPerGroup;
    const raw = await this.#bytes.read(table * this.blockBytes + index * this.#inodeBytes, this.#inodeBytes);
    const number = Buffer.alloc(4);
    number.writeUInt32LE(id);
    const seed = crc32c(crc32c(this.#seed, number), raw.subarray(100, 104));
    if (this.#sums && !summed(raw, seed)) throw new Damaged(`inode ${id} is not what its checksum says`);
    const mode = raw.readUInt16LE(0);
    if (raw.readUInt16LE(26) === 0 && id > 10) throw new Damaged(`inode ${id} was deleted`);
    const bytes = count(
      BigInt(raw.readUInt32LE(4)) + ((mode & 0xf000) === 0x8000 ? BigInt(raw.readUInt32LE(108)) << 32n : 0n),
    );
    return { id, raw, flags: raw.readUInt32LE(32), bytes, mode, seed };
  }
}

export interface Stretches {
  bytes: number;
  stretches: ReturnType<typeof blocksOf>;
}

function summed(raw: Buffer, seed: number): boolean {
  const wide = raw.length > 128 && raw.readUInt16LE(128) >= 4;
  const zeroed = Buffer.from(raw);
  zeroed.writeUInt16LE(0, 124);
  if (wide) zeroed.writeUInt16LE(0, 130);
  const sum = crc32c(seed, zeroed);
  return (sum & 0xffff) === raw.readUInt16LE(124) && (!wide || sum >>> 16 === raw.readUInt16LE(130));
}

/** Two low bits of the second field lengthen the seconds beyond 2038, the others are nanoseconds. */
function instantOf(raw: Buffer, at: number, more: number | undefined): { seconds: number; nanoseconds: number } {
  const extra = more === undefined || more + 4 > raw.length ? 0 : raw.readUInt32LE(more);
  return { seconds: raw.readInt32LE(at) + (extra & 3) * 2 ** 32, nanoseconds: Math.min(extra >>> 2, 999_999_999) };
}
