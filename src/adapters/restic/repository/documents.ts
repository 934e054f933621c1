import { zstdDecompressSync } from 'node:zlib';
import { Damaged } from './damaged.ts';
import { isFields, isId, isInteger, isText } from './fields.ts';

/** Metadata unpacks to no more than a string can hold. */
const documentBytesMax = 512 * 1024 * 1024;

/** Undefined where the document does not say what it must. */
type Reader<Value> = (json: unknown) => Value | undefined;

const isInstant = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));

export const config: Reader<{ version: number }> = (json) =>
  isFields(json) && isInteger(json.version) && isText(json.id) ? { version: json.version } : undefined;

export interface SnapshotFile {
  time: string;
  tree: string;
  hostname: string;
  paths: string[];
}

export const snapshotFile: Reader<SnapshotFile> = (json) => {
  if (!isFields(json)) return undefined;
  const { time, tree, hostname = '' } = json;
  // Go writes an empty list as null.
  const paths = json.paths ?? [];
  return isInstant(time) && isId(tree) && isText(hostname) && Array.isArray(paths) && paths.every(isText)
    ? { time, tree, hostname, paths }
    : undefined;
};

export interface LockFile {
  time: string;
  exclusive: boolean;
  hostname: string;
  pid: number;
}

export const lockFile: Reader<LockFile> = (json) => {
  if (!isFields(json)) return undefined;
  const { time, exclusive = false, hostname = '', pid = 0 } = json;
  return isInstant(time) && typeof exclusive === 'boolean' && isText(hostname) && isInteger(pid)
    ? { time, exclusive, hostname, pid }
    : undefined;
};

export interface IndexedPack {
  id: string;
  blobs: { id: string; type: 'data' | 'tree'; offset: number; length: number; uncompressed_length?: number }[];
}

/** The first indexes were a bare list. Superseded ones are read all the same: what they say is checked when it is used. */
export const indexFile: Reader<IndexedPack[]> = (json) => {
  const packs = isFields(json) ? json.packs : json;
  return Array.isArray(packs) && packs.every(isPack) ? packs : undefined;
};

const isPack = (value: unknown): value is IndexedPack =>
  isFields(value) && isId(value.id) && Array.isArray(value.blobs) && value.blobs.every(isBlob);

const isBlob = (value: unknown): value is IndexedPack['blobs'][number] =>
  isFields(value) &&
  isId(value.id) &&
  (value.type === 'data' || value.type === 'tree') &&
  isLength(value.offset) &&
  isLength(value.length) &&
  (value.uncompressed_length === undefined || isLength(value.uncompressed_length));

/** Bytes: a pack has 32-bit lengths in its header. */
const isLength = (value: unknown): value is number => isInteger(value) && value >= 0 && value <= 0xffff_ffff;

/** An opened metadata file: JSON, or (format 2) a byte 2 and compressed JSON. Throws `Damaged`. */
export function document<Value>(reader: Reader<Value>, opened: Buffer, what: string): Value {
  const read = reader(json(unpacked(opened, what), what));
  if (read === undefined) throw new Damaged(what, 'does not say what it must');
  return read;
}

function unpacked(opened: Buffer, what: string): Buffer {
  if (opened[0] === 0x7b || opened[0] === 0x5b) return opened;
  if (opened[0] !== 2) throw new Damaged(what, 'is of a format that is not known');
  try {
    return zstdDecompressSync(opened.subarray(1), { maxOutputLength: documentBytesMax });
  } catch {
    throw new Damaged(what, 'does not decompress');
  }
}

function json(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Damaged(what, 'is no JSON');
  }
}
