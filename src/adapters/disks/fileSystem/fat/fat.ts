import { Damaged } from '../../faults.ts';
import type { Bytes } from '../../image/bytes.ts';
import type { DiskEntry, DiskFileSystem, DiskNode, Stretch } from '../fileSystem.ts';
import { longNameOf, shortNameOf } from './fatNames.ts';

const ENTRY_BYTES = 32;
const FOLDER_BYTES_MAX = 65_536 * ENTRY_BYTES;
const attribute = { label: 0x08, folder: 0x10, longName: 0x0f };

interface Shape {
  clusterBytes: number;
  clusters: number;
  /** 12, 16 or 32, from the number of clusters alone (Microsoft's FAT specification, 3.5). */
  bits: number;
  fatAt: number;
  fatBytes: number;
  rootAt: number;
  rootBytes: number;
  rootCluster: number;
  dataAt: number;
}

export const isFat = (boot: Buffer): boolean =>
  boot.readUInt16LE(510) === 0xaa55 &&
  [512, 1024, 2048, 4096].includes(boot.readUInt16LE(11)) &&
  [1, 2, 4, 8, 16, 32, 64, 128].includes(boot[13] ?? 0) &&
  [1, 2].includes(boot[16] ?? 0) &&
  (boot.toString('latin1', 54, 57) === 'FAT' || boot.toString('latin1', 82, 85) === 'FAT');

/** FAT12, FAT16 and FAT32, as firmware and small machines keep. Names in long form; times in UTC, since FAT says no zone. */
export async function openFat(bytes: Bytes): Promise<DiskFileSystem> {
  const shape = shapeOf(await bytes.read(0, 512));
  if (shape.dataAt + shape.clusters * shape.clusterBytes > bytes.size)
    throw new Damaged('the file system is longer than the place it stands in');
  const fat = await bytes.read(
    shape.fatAt,
    Math.min(shape.fatBytes, Math.ceil(((shape.clusters + 2) * shape.bits) / 8)),
  );
  return new Fat(bytes, shape, fat);
}

function shapeOf(boot: Buffer): Shape {
  const sector = boot.readUInt16LE(11);
  const fatSectors = boot.readUInt16LE(22) || boot.readUInt32LE(36);
  const sectors = boot.readUInt16LE(19) || boot.readUInt32LE(32);
  const fatAt = boot.readUInt16LE(14) * sector;
  const rootAt = fatAt + (boot[16] ?? 0) * fatSectors * sector;
  const rootBytes = boot.readUInt16LE(17) * ENTRY_BYTES;
  const dataAt = rootAt + Math.ceil(rootBytes / sector) * sector;
  const clusterBytes = (boot[13] ?? 0) * sector;
  const clusters = Math.floor((sectors * sector - dataAt) / clusterBytes);
  const bits = clusters < 4085 ? 12 : clusters < 65_525 ? 16 : 32;
  if (!(clusters > 0) || clusterBytes > 1 << 19) throw new Damaged('sizes of the FAT file system that cannot be');
  const fatBytes = fatSectors * sector;
  return {
    clusterBytes,
    clusters,
    bits,
    fatAt,
    fatBytes,
    rootAt,
    rootBytes,
    rootCluster: bits === 32 ? boot.readUInt32LE(44) : 0,
    dataAt,
  };
}

class Fat implements DiskFileSystem {
  readonly kind = 'FAT';
  readonly label = '';
  readonly notes = [];
  /** A thing's number is where its entry stands; the root has none. */
  readonly root = 0;
  readonly #bytes: Bytes;
  readonly #shape: Shape;
  readonly #fat: Buffer;

  constructor(bytes: Bytes, shape: Shape, fat: Buffer) {
    this.#bytes = bytes;
    this.#shape = shape;
    this.#fat = fat;
  }

  async node(id: number): Promise<DiskNode> {
    const epoch = { seconds: 0, nanoseconds: 0 };
    const common = { id, owned: null, names: 1, leftOut: [] };
    if (id === 0) return { ...common, kind: 'folder', bytes: 0, diskBytes: 0, modifiedAt: epoch, accessedAt: epoch };
    const entry = await this.#bytes.read(id, ENTRY_BYTES);
    const folder = ((entry[11] ?? 0) & attribute.folder) !== 0;
    const bytes = folder ? 0 : entry.readUInt32LE(28);
    const modifiedAt = instantOf(entry.readUInt16LE(24), entry.readUInt16LE(22));
    return { ...common, kind: folder ? 'folder' : 'file', bytes, diskBytes: bytes, modifiedAt, accessedAt: modifiedAt };
  }

  async *entries(folder: DiskNode): AsyncIterable<DiskEntry> {
    let long: Buffer[] = [];
    for await (const { at, data } of this.#folder(folder.id))
      for (let from = 0; from + ENTRY_BYTES <= data.length; from += ENTRY_BYTES) {
        const entry = data.subarray(from, from + ENTRY_BYTES);
        const [first = 0, flags = 0] = [entry[0], entry[11]];
        if (first === 0) return;
        if (first === 0xe5) long = [];
        else if ((flags & 0x3f) === attribute.longName) long.push(entry);
        else {
          const name = longNameOf(long, entry) ?? shortNameOf(entry);
          long = [];
          if (!(flags & attribute.label) && first !== 0x2e) yield { name: Buffer.from(name), id: at + from };
        }
      }
  }

  async *content(file: DiskNode): AsyncIterable<Stretch> {
    const first = firstCluster(await this.#bytes.read(file.id, ENTRY_BYTES));
    let done = 0;
    if (file.bytes === 0) return;
    for (const { at, length } of this.#chain(first, file.bytes)) {
      yield { at: done, data: await this.#bytes.read(at, Math.min(length, file.bytes - done)) };
      done += length;
    }
    if (done < file.bytes) throw new Damaged('a file is longer than its clusters');
  }

  async target(): Promise<Buffer> {
    throw new Damaged('FAT keeps no links');
  }

  async *#folder(id: number): AsyncGenerator<{ at: number; data: Buffer }> {
    const { rootAt, rootBytes, rootCluster, bits } = this.#shape;
    if (id === 0 && bits !== 32) {
      yield { at: rootAt, data: await this.#bytes.read(rootAt, rootBytes) };
      return;
    }
    const first = id === 0 ? rootCluster : firstCluster(await this.#bytes.read(id, ENTRY_BYTES));
    for (const { at, length } of this.#chain(first, FOLDER_BYTES_MAX))
      yield { at, data: await this.#bytes.read(at, length) };
  }

  /** Stretches of a chain, until it ends or so many bytes are told: one that leads into itself ends there too. */
  *#chain(first: number, bytes: number): Generator<{ at: number; length: number }> {
    const { clusterBytes, clusters, dataAt } = this.#shape;
    let cluster = first;
    for (let told = 0; told < bytes; told += clusterBytes) {
      if (this.#ends(cluster)) return;
      if (cluster < 2 || cluster >= clusters + 2) throw new Damaged('a chain of clusters leads out of the file system');
      yield { at: dataAt + (cluster - 2) * clusterBytes, length: clusterBytes };
      cluster = this.#next(cluster);
    }
  }

  #ends = (cluster: number): boolean =>
    cluster >= (this.#shape.bits === 32 ? 0x0fff_fff8 : this.#shape.bits === 16 ? 0xfff8 : 0xff8);

  #next(cluster: number): number {
    if (this.#shape.bits === 32) return this.#fat.readUInt32LE(cluster * 4) & 0x0fff_ffff;
    if (this.#shape.bits === 16) return this.#fat.readUInt16LE(cluster * 2);
    const pair = this.#fat.readUInt16LE(cluster + (cluster >>> 1));
    return cluster & 1 ? pair >>> 4 : pair & 0xfff;
  }
}

const firstCluster = (entry: Buffer): number => entry.readUInt16LE(20) * 65_536 + entry.readUInt16LE(26);

function instantOf(date: number, time: number): { seconds: number; nanoseconds: number } {
  const [year, month, day] = [1980 + (date >>> 9), (date >>> 5) & 15, date & 31];
  const [hours, minutes, seconds] = [time >>> 11, (time >>> 5) & 63, (time & 31) * 2];
  return {
    seconds: Date.UTC(year, Math.max(month - 1, 0), Math.max(day, 1), hours, minutes, seconds) / 1000,
    nanoseconds: 0,
  };
}
