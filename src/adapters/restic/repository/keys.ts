import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { Missing } from './damaged.ts';
import { base64, isFields, isInteger } from './fields.ts';
import type { RepositoryFiles } from './files.ts';
import { Opener, type RepositoryKey } from './sealed.ts';

interface KeyFile {
  N: number;
  r: number;
  p: number;
  salt: Buffer;
  data: Buffer;
}

function keyFile(json: unknown): KeyFile | undefined {
  if (!isFields(json) || json.kdf !== 'scrypt') return undefined;
  const { N, r, p } = json;
  const [salt, data] = [base64(json.salt), base64(json.data)];
  return isPositive(N) && isPositive(r) && isPositive(p) && salt && data ? { N, r, p, salt, data } : undefined;
}

function masterKey(json: unknown): RepositoryKey | undefined {
  if (!isFields(json) || !isFields(json.mac)) return undefined;
  const [encrypt, macK, macR] = [base64(json.encrypt), base64(json.mac.k), base64(json.mac.r)];
  return encrypt?.length === 32 && macK?.length === 16 && macR?.length === 16 ? { encrypt, macK, macR } : undefined;
}

const isPositive = (value: unknown): value is number => isInteger(value) && value > 0;

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
  const file = keyFile(parsed(text));
  if (file === undefined) return undefined;
  const { N, r, p, salt, data } = file;
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
  return masterKey(parsed(opened));
}

function parsed(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}
