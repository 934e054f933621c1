import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { positionOf } from '../walArchive/records.ts';
import { Crc32c } from './crc32c.ts';

/** Some million files. */
const MANIFEST_BYTES = 512 * 1024 * 1024;

const algorithms = ['CRC32C', 'SHA224', 'SHA256', 'SHA384', 'SHA512'] as const;
const File = z.object({
  Path: z.string().optional(),
  /** Hexadecimal, for a name that is no UTF-8. */
  'Encoded-Path': z.string().optional(),
  Size: z.number().int().min(0),
  'Last-Modified': z.string().optional(),
  'Checksum-Algorithm': z.enum(algorithms).optional(),
  Checksum: z.string().optional(),
});
const Position = z.string().transform(positionOf).pipe(z.bigint());
/** PostgreSQL documentation, «Backup Manifest Format». */
const Manifest = z.object({
  Files: z.array(File),
  'WAL-Ranges': z
    .array(z.object({ Timeline: z.number().int().positive(), 'Start-LSN': Position, 'End-LSN': Position }))
    .length(1),
});

export interface ManifestFile {
  bytes: number;
  modifiedAt: string | null;
  algorithm: (typeof algorithms)[number] | null;
  checksum: string | null;
}

export interface BaseManifest {
  /** By path inside the cluster. */
  files: ReadonlyMap<string, ManifestFile>;
  timeline: number;
  start: bigint;
  end: bigint;
}

/** The `backup_manifest` of a base backup; null where it cannot be read, or is not what was written. */
export async function readBaseManifest(path: string): Promise<BaseManifest | null> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size > MANIFEST_BYTES) return null;
  return baseManifestIn(await readFile(path));
}

export function baseManifestIn(content: Buffer): BaseManifest | null {
  const end = content.lastIndexOf('"Manifest-Checksum"');
  const [, stated] =
    /^"Manifest-Checksum": ?"([0-9a-f]{64})"\}\s*$/.exec(content.toString('utf8', Math.max(end, 0))) ?? [];
  // Over everything up to the line that states it.
  if (end === -1 || createHash('sha256').update(content.subarray(0, end)).digest('hex') !== stated) return null;
  const read = Manifest.safeParse(parse(content.toString('utf8'))).data;
  const range = read?.['WAL-Ranges'][0];
  if (read === undefined || range === undefined) return null;
  const files = new Map<string, ManifestFile>();
  for (const file of read.Files) {
    const path = file.Path ?? Buffer.from(file['Encoded-Path'] ?? '', 'hex').toString('utf8');
    const modified = new Date(file['Last-Modified'] ?? '');
    files.set(path, {
      bytes: file.Size,
      modifiedAt: Number.isNaN(modified.getTime()) ? null : modified.toISOString(),
      algorithm: file['Checksum-Algorithm'] ?? null,
      checksum: file.Checksum?.toLowerCase() ?? null,
    });
  }
  return { files, timeline: range.Timeline, start: range['Start-LSN'], end: range['End-LSN'] };
}

/** Whether a restored file is what the manifest says; undefined where the manifest keeps no checksum of it. */
export async function isAsBacked(path: string, { algorithm, checksum }: ManifestFile): Promise<boolean | undefined> {
  if (algorithm === null || checksum === null) return undefined;
  const pieces = createReadStream(path, { highWaterMark: 1 << 20 });
  if (algorithm === 'CRC32C') {
    const digest = new Crc32c();
    for await (const piece of pieces) digest.update(piece);
    return digest.hex() === checksum;
  }
  const digest = createHash(algorithm.toLowerCase());
  for await (const piece of pieces) digest.update(piece);
  return digest.digest('hex') === checksum;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
