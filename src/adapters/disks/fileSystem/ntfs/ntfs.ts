import { Damaged } from '../../faults.ts';
import { type Bytes, count } from '../../image/bytes.ts';
import type { DiskEntry, DiskFileSystem, DiskNode, Stretch } from '../fileSystem.ts';
import { namesIn, namesInBlocks } from './ntfsFolder.ts';
import { type NtfsAttribute, type NtfsRecord, parseRecord, recordNumber, type } from './ntfsRecord.ts';
import { linkOf } from './ntfsReparse.ts';
import { compressedContent, type Layout, plainContent, valueBytes } from './ntfsRuns.ts';

const ROOT = 5;
const VOLUME = 3;
/** The file system's own files: $MFT to $Extend. */
const OWN_RECORDS = 16;
const SMALL_VALUE_BYTES_MAX = 16 * 1024 * 1024;
const DIRTY = 1;

/** NTFS 3 as Linux's ntfs3 and libntfs read it: names, content (plain, sparse, compressed), times, links. Owners and access lists are told as not given back. */
export async function openNtfs(bytes: Bytes): Promise<DiskFileSystem> {
  const boot = await bytes.read(0, 512);
  const sectorBytes = boot.readUInt16LE(11);
  const scale = boot[13] ?? 0;
  const clusterBytes = sectorBytes * (scale > 128 ? 2 ** (256 - scale) : scale);
  const perRecord = boot.readInt8(64);
  const recordBytes = perRecord > 0 ? perRecord * clusterBytes : 2 ** -perRecord;
  if (
    ![512, 1024, 2048, 4096].includes(sectorBytes) ||
    clusterBytes < 512 ||
    clusterBytes > 1 << 21 ||
    recordBytes < 1024 ||
    recordBytes > 4096
  )
    throw new Damaged('sizes of the NTFS volume that cannot be');
  if (count(boot.readBigUInt64LE(40)) * sectorBytes > bytes.size)
    throw new Damaged('the file system is longer than the place it stands in');
  const layout = { bytes, clusterBytes };
  const start = count(boot.readBigUInt64LE(48)) * clusterBytes;
  const first = parseRecord(await bytes.read(start, recordBytes), 'the first record');
  const own = first.attributes.find((one) => one.type === type.data && one.name === '');
  if (own === undefined) throw new Damaged('the table of files (MFT) says not where it stands');
  // A table in many fragments: the rest of its runs stands in records of its own beginning.
  const beginning = own.runs.reduce((sum, { clusters }) => sum + clusters, 0) * clusterBytes;
  const partial = new Ntfs(layout, valueBytes(layout, own.runs, Math.min(beginning, own.bytes)), recordBytes);
  const whole = await partial.attributes(0);
  const data = merged(whole, type.data, '');
  if (data === undefined) throw new Damaged('the table of files (MFT) says not where it stands');
  const ntfs = new Ntfs(layout, valueBytes(layout, data.runs, data.bytes), recordBytes);
  await ntfs.describe();
  return ntfs;
}

class Ntfs implements DiskFileSystem {
  readonly kind = 'NTFS';
  label = '';
  readonly root = ROOT;
  readonly notes = ['owners and access lists of Windows are not given back'];
  readonly #layout: Layout;
  readonly #table: Bytes;
  readonly #recordBytes: number;

  constructor(layout: Layout, table: Bytes, recordBytes: number) {
    this.#layout = layout;
    this.#table = table;
    this.#recordBytes = recordBytes;
  }

  async describe(): Promise<void> {
    const attributes = await this.attributes(VOLUME);
    this.label = merged(attributes, type.volumeName, '')?.resident?.toString('utf16le') ?? '';
    const flags = merged(attributes, type.volumeInformation, '')?.resident?.readUInt16LE(10) ?? 0;
    if (flags & DIRTY)
      this.notes.push('was in use when it was copied: what stood only in its log is not taken into account');
  }

  async node(id: number): Promise<DiskNode> {
    const record = await this.#record(id);
    if (!record.inUse) throw new Damaged(`record ${id} is not in use`);
    const attributes = await this.attributes(id, record);
    const times = merged(attributes, type.standardInformation, '')?.resident;
    const data = merged(attributes, type.data, '');
    const reparse = await this.#small(merged(attributes, type.reparsePoint, ''));
    const link = reparse === undefined ? undefined : linkOf(reparse);
    const streams = attributes.filter((one) => one.type === type.data && one.name !== '' && one.firstCluster === 0);
    const cannot = cannotBeRead(record, data, link?.cannot);
    return {
      id,
      kind: link?.target !== undefined ? 'link' : record.folder ? 'folder' : 'file',
      bytes: record.folder ? 0 : (data?.bytes ?? 0),
      diskBytes: data?.resident ? data.bytes : (data?.allocatedBytes ?? 0),
      owned: null,
      modifiedAt: instantOf(times, 8),
      accessedAt: instantOf(times, 24),
      // A DOS name beside the long one is counted by NTFS as a name of its own.
      names: attributes.filter((one) => one.type === type.fileName && one.resident?.[65] !== 2).length,
      ...(cannot === undefined ? {} : { cannot }),
      leftOut:
        streams.length === 0 ? [] : [`streams that are not given back: ${streams.map(({ name }) => name).join(', ')}`],
    };
  }

  async *entries(folder: DiskNode): AsyncIterable<DiskEntry> {
    const attributes = await this.attributes(folder.id);
    const root = merged(attributes, type.indexRoot, '$I30')?.resident;
    if (root === undefined) throw new Damaged('a folder without its index');
    const allocation = merged(attributes, type.indexAllocation, '$I30');
    const bitmap = await this.#small(merged(attributes, type.bitmap, '$I30'));
    const seen = function* (names: Iterable<{ name: string; record: number }>): Generator<DiskEntry> {
      for (const { name, record } of names) if (record >= OWN_RECORDS) yield { name: Buffer.from(name), id: record };
    };
    yield* seen(namesIn(root, 16));
    if (allocation === undefined) return;
    const blocks = valueBytes(this.#layout, allocation.runs, allocation.bytes);
    for await (const name of namesInBlocks(blocks, bitmap ?? Buffer.alloc(0), root.readUInt32LE(8)))
      yield* seen([name]);
  }

  async *content(file: DiskNode): AsyncIterable<Stretch> {
    const data = merged(await this.attributes(file.id), type.data, '');
    if (data === undefined) return;
    if (data.resident) yield { at: 0, data: data.resident };
    else if (data.compressed) yield* compressedContent(this.#layout, data.runs, data.bytes, data.unit);
    else yield* plainContent(this.#layout, data.runs, data.bytes, data.initializedBytes);
  }

  async target(link: DiskNode): Promise<Buffer> {
    const reparse = await this.#small(merged(await this.attributes(link.id), type.reparsePoint, ''));
    const target = reparse === undefined ? undefined : linkOf(reparse).target;
    if (target === undefined) throw new Damaged('a link that leads nowhere');
    return target;
  }

  /** Of a record and of those that continue it. */
  async attributes(id: number, known?: NtfsRecord): Promise<NtfsAttribute[]> {
    const record = known ?? (await this.#record(id));
    const list = await this.#small(record.attributes.find((one) => one.type === type.attributeList));
    if (list === undefined) return record.attributes;
    const further = new Set<number>();
    for (let at = 0; at + 26 <= list.length; ) {
      const length = list.readUInt16LE(at + 4);
      if (length < 26) throw new Damaged('a list of attributes that cannot be');
      const holder = recordNumber(list.readBigUInt64LE(at + 16));
      if (holder !== id) further.add(holder);
      at += length;
    }
    const all = [...record.attributes];
    for (const holder of further) {
      const continued = await this.#record(holder);
      if (continued.base !== id) throw new Damaged(`record ${holder} continues another than ${id}`);
      all.push(...continued.attributes);
    }
    return all;
  }

  async #record(id: number): Promise<NtfsRecord> {
    return parseRecord(await this.#table.read(id * this.#recordBytes, this.#recordBytes), `record ${id}`);
  }

  async #small(attribute: NtfsAttribute | undefined): Promise<Buffer | undefined> {
    if (attribute === undefined || attribute.resident) return attribute?.resident;
    if (attribute.bytes > SMALL_VALUE_BYTES_MAX) throw new Damaged('a value larger than any of its kind');
    return valueBytes(this.#layout, attribute.runs, attribute.bytes).read(0, attribute.bytes);
  }
}

/** The parts of one value, in order, as one. */
function merged(attributes: readonly NtfsAttribute[], wanted: number, name: string): NtfsAttribute | undefined {
  const parts = attributes
    .filter((one) => one.type === wanted && one.name === name)
    .toSorted((one, other) => one.firstCluster - other.firstCluster);
  const [first, ...rest] = parts;
  if (first === undefined || rest.length === 0 || first.resident) return first;
  const runs = [...first.runs];
  let clusters = runs.reduce((sum, run) => sum + run.clusters, 0);
  for (const part of rest) {
    if (part.firstCluster !== clusters) throw new Damaged('parts of a file do not follow each other');
    runs.push(...part.runs);
    clusters += part.runs.reduce((sum, run) => sum + run.clusters, 0);
  }
  return { ...first, runs };
}

function cannotBeRead(
  record: NtfsRecord,
  data: NtfsAttribute | undefined,
  reparse: string | undefined,
): string | undefined {
  if (reparse !== undefined) return reparse;
  return data?.encrypted === true && !record.folder ? 'encrypted by Windows (EFS)' : undefined;
}

/** Tenths of microseconds since 1601. */
function instantOf(times: Buffer | undefined, at: number): { seconds: number; nanoseconds: number } {
  const ticks = times === undefined || times.length < at + 8 ? 116_444_736_000_000_000n : times.readBigUInt64LE(at);
  const since = ticks - 116_444_736_000_000_000n;
  const seconds = since / 10_000_000n - (since % 10_000_000n < 0n ? 1n : 0n);
  return { seconds: Number(seconds), nanoseconds: Number(since - seconds * 10_000_000n) * 100 };
}
