import { zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import { Damaged } from './damaged.ts';

/** Metadata unpacks to no more than a string can hold. */
const documentBytesMax = 512 * 1024 * 1024;

const Id = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'an instant');
/** Go writes an empty list as null. */
const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

export const Config = z.object({ version: z.int(), id: z.string() });

export const SnapshotFile = z.object({ time: instant, tree: Id, hostname: z.string().default(''), paths: texts });
export type SnapshotFile = z.infer<typeof SnapshotFile>;

export const LockFile = z.object({
  time: instant,
  exclusive: z.boolean().default(false),
  hostname: z.string().default(''),
  pid: z.int().default(0),
});

/** Bytes: a pack has 32-bit lengths in its header. */
const length = z.int().min(0).max(0xffff_ffff);
const Packs = z.array(
  z.object({
    id: Id,
    blobs: z.array(
      z.object({
        id: Id,
        type: z.enum(['data', 'tree']),
        offset: length,
        length,
        uncompressed_length: length.default(0),
      }),
    ),
  }),
);
export type IndexedPack = z.infer<typeof Packs>[number];
/** The first indexes were a bare list. Superseded ones are read all the same: what they say is checked when it is used. */
export const IndexFile = z.union([z.object({ packs: Packs }).transform(({ packs }) => packs), Packs]);

/** An opened metadata file: JSON, or (format 2) a byte 2 and compressed JSON. Throws `Damaged`. */
export function document<Value>(schema: z.ZodType<Value>, opened: Buffer, what: string): Value {
  const read = schema.safeParse(json(unpacked(opened, what), what));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Damaged(what, `does not say what it must: ${issue?.path.join('.')} ${issue?.message}`);
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
