import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Missing } from './damaged.ts';
import type { RepositoryFiles } from './files.ts';
import { Opener, type RepositoryKey } from './sealed.ts';

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const KeyFile = z.object({
  kdf: z.literal('scrypt'),
  N: z.int().positive(),
  r: z.int().positive(),
  p: z.int().positive(),
  salt: base64,
  data: base64,
});
const MasterKey = z.object({
  encrypt: base64.refine((key) => key.length === 32),
  mac: z.object({ k: base64.refine((key) => key.length === 16), r: base64.refine((key) => key.length === 16) }),
});

/** Whoever writes a key file chooses what trying it costs: restic's own ask for 32 to 256 MB. */
const scryptBytesMax = 1024 * 1024 * 1024;
/** restic itself tries as many. */
const keysTriedMax = 20;

const derive = promisify<Buffer, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** The repository's key, from the first of its key files that the password opens. */
export async function keyOf(files: RepositoryFiles, password: string): Promise<RepositoryKey | undefined> {
  for (const name of (await files.list('keys')).slice(0, keysTriedMax)) {
    const found = await tried(files, name, password);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function tried(files: RepositoryFiles, name: string, password: string): Promise<RepositoryKey | undefined> {
  const text = await files.read('keys', name).catch((error: unknown) => {
    if (error instanceof Missing) return undefined;
    throw error;
  });
  const file = KeyFile.safeParse(parsed(text));
  if (!file.success) return undefined;
  const { N, r, p, salt, data } = file.data;
  // Node counts the whole of scrypt's memory (RFC 7914: 128·N·r, and 128·r·p beside it), and its default limit is below restic's choice.
  const needed = 128 * N * r + 128 * r * p + 4096;
  if (needed > scryptBytesMax) return undefined;
  const derived = await derive(Buffer.from(password), salt, 64, { N, r, p, maxmem: needed * 2 }).catch(() => undefined);
  if (derived === undefined) return undefined;
  const opened = new Opener({
    encrypt: derived.subarray(0, 32),
    macK: derived.subarray(32, 48),
    macR: derived.subarray(48, 64),
  }).open(data);
  const master = MasterKey.safeParse(parsed(opened)).data;
  return master && { encrypt: master.encrypt, macK: master.mac.k, macR: master.mac.r };
}

function parsed(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}
