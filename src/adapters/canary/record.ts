import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';

/** A plain file name: a canary stands in the watched folder itself. */
export const CanaryName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !/[/\\\0]/.test(name) && name !== '.' && name !== '..', 'expected a plain file name');
export const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hexadecimal');
export const CanaryFiles = z
  .record(CanaryName, Digest)
  .refine((files) => Object.keys(files).length > 0, 'expected at least one file');
export type CanaryFiles = z.infer<typeof CanaryFiles>;

/** What was planted in a folder, kept elsewhere: an attacker who finds the canary must not find its digest. */
export const CanaryRecord = z.strictObject({ version: z.literal(1), plantedAt: z.string(), files: CanaryFiles });
export type CanaryRecord = z.infer<typeof CanaryRecord>;

const PLANTED_BYTES = 4096;

/**
 * Plants canary files in a folder and records their digests. Names of one's own are best: one that sorts first, one that
 * sorts last, looking like what the folder holds. Never overwrites; durable before it returns.
 */
export async function plantCanaries(folder: string, names: readonly string[], now: number): Promise<CanaryRecord> {
  const files: CanaryFiles = {};
  for (const name of names) {
    const content = `Ne pas modifier / do not change\n${randomBytes(PLANTED_BYTES).toString('base64')}\n`;
    await writeDurably(join(folder, CanaryName.parse(name)), content, 'wx');
    files[name] = createHash('sha256').update(content).digest('hex');
  }
  return { version: 1, plantedAt: new Date(now).toISOString(), files };
}

export async function saveRecord(path: string, record: CanaryRecord): Promise<void> {
  const draft = `${path}.part`;
  await writeDurably(draft, `${JSON.stringify(record, null, 2)}\n`, 'w');
  await rename(draft, path);
}

export async function readRecord(path: string): Promise<Result<CanaryRecord>> {
  try {
    return accept(CanaryRecord.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch {
    return refuse('canary-record-unreadable', 'The record of planted canary files cannot be read.', {
      where: path,
      expected: 'a record made when they were planted',
    });
  }
}

async function writeDurably(path: string, content: string, flags: 'w' | 'wx'): Promise<void> {
  await using file = await open(path, flags, 0o640);
  await file.writeFile(content);
  await file.sync();
}
