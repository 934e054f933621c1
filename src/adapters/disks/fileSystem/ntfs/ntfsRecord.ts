import { Damaged } from '../../faults.ts';
import { count } from '../../image/bytes.ts';
import { type Run, runsIn } from './ntfsRuns.ts';

/** Attribute types (NTFS's $AttrDef). */
export const type = {
  standardInformation: 0x10,
  attributeList: 0x20,
  fileName: 0x30,
  volumeName: 0x60,
  volumeInformation: 0x70,
  data: 0x80,
  indexRoot: 0x90,
  indexAllocation: 0xa0,
  bitmap: 0xb0,
  reparsePoint: 0xc0,
  ea: 0xe0,
} as const;

export interface NtfsAttribute {
  type: number;
  name: string;
  compressed: boolean;
  encrypted: boolean;
  /** The value itself; undefined where it stands in clusters. */
  resident?: Buffer;
  /** First of its clusters that these runs tell of, counted from the value's begin. */
  firstCluster: number;
  runs: Run[];
  /** Of the first part only: */
  bytes: number;
  initializedBytes: number;
  allocatedBytes: number;
  /** Clusters that were compressed together. */
  unit: number;
}

export interface NtfsRecord {
  inUse: boolean;
  folder: boolean;
  sequence: number;
  names: number;
  /** Record that this one continues; 0 where it stands for itself. */
  base: number;
  attributes: NtfsAttribute[];
}

/** Numbers of records have 48 bits; the rest is a count of how often it was used again. */
export const recordNumber = (reference: bigint): number => Number(reference & 0xffff_ffff_ffffn);

/** Undoes what each sector's last two bytes were replaced by: a sector that was not written with the others is seen. */
export function mended(block: Buffer, signature: string, what: string): Buffer {
  if (block.toString('latin1', 0, 4) !== signature) throw new Damaged(`${what} does not begin as one`);
  const at = block.readUInt16LE(4);
  const sectors = block.readUInt16LE(6) - 1;
  if (sectors < 1 || sectors * 512 > block.length || at + 2 * (sectors + 1) > 510)
    throw new Damaged(`${what} cannot be`);
  const whole = Buffer.from(block);
  const mark = block.readUInt16LE(at);
  for (let sector = 1; sector <= sectors; sector += 1) {
    if (block.readUInt16LE(sector * 512 - 2) !== mark) throw new Damaged(`${what} was written in part only`);
    block.copy(whole, sector * 512 - 2, at + sector * 2, at + sector * 2 + 2);
  }
  return whole;
}

export function parseRecord(raw: Buffer, what: string): NtfsRecord {
  const record = mended(raw, 'FILE', what);
  const attributes: NtfsAttribute[] = [];
  for (let at = record.readUInt16LE(20); record.readUInt32LE(at) !== 0xffff_ffff; ) {
    const length = record.readUInt32LE(at + 4);
    if (length < 16 || length % 8 !== 0 || at + length > record.length)
      throw new Damaged(`${what}: an attribute reaches out of it`);
    attributes.push(attribute(record.subarray(at, at + length)));
    at += length;
  }
  const flags = record.readUInt16LE(22);
  return {
    inUse: (flags & 1) !== 0,
    folder: (flags & 2) !== 0,
    sequence: record.readUInt16LE(16),
    names: record.readUInt16LE(18),
    base: recordNumber(record.readBigUInt64LE(32)),
    attributes,
  };
}

function attribute(raw: Buffer): NtfsAttribute {
  const nameAt = raw.readUInt16LE(10);
  const flags = raw.readUInt16LE(12);
  const common = {
    type: raw.readUInt32LE(0),
    name: raw.toString('utf16le', nameAt, nameAt + (raw[9] ?? 0) * 2),
    compressed: (flags & 0xff) !== 0,
    encrypted: (flags & 0x4000) !== 0,
  };
  if (raw[8] === 0) {
    const bytes = raw.readUInt32LE(16);
    const at = raw.readUInt16LE(20);
    if (at + bytes > raw.length) throw new Damaged('a value reaches out of its record');
    const resident = raw.subarray(at, at + bytes);
    return {
      ...common,
      resident,
      firstCluster: 0,
      runs: [],
      bytes,
      initializedBytes: bytes,
      allocatedBytes: 0,
      unit: 0,
    };
  }
  const firstCluster = count(raw.readBigUInt64LE(16));
  const first = firstCluster === 0;
  return {
    ...common,
    firstCluster,
    runs: runsIn(raw.subarray(raw.readUInt16LE(32))),
    allocatedBytes: first ? count(raw.readBigUInt64LE(40)) : 0,
    bytes: first ? count(raw.readBigUInt64LE(48)) : 0,
    initializedBytes: first ? count(raw.readBigUInt64LE(56)) : 0,
    unit: raw.readUInt16LE(34) === 0 ? 0 : 2 ** Math.min(raw.readUInt16LE(34), 8),
  };
}
