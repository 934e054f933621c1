import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ContentFacts, EvennessMeter, encryptionOf } from '../src/restore/cleanPoint/content.ts';
import { compressedFormat } from '../src/restore/signs.ts';
import type { Measure, Report } from './measure.ts';

const corpus = process.env.REFLEXE_DATA ?? join(import.meta.dirname, '../../shared/data');
/** Of files below this, few blocks can be judged at all. */
const judgedBytesMin = 8192;
const bytesMax = 32 * 1024 * 1024;
const mebibyte = 1024 * 1024;

const stream = (cipher: string, ivBytes: number) => (plain: Buffer) =>
  createCipheriv(cipher, randomBytes(32), randomBytes(ivBytes)).update(plain);
const ciphers: { readonly [name: string]: (plain: Buffer) => Buffer } = {
  'AES-256-CTR': stream('aes-256-ctr', 16),
  'AES-256-CBC': (plain) =>
    stream('aes-256-cbc', 16)(Buffer.concat([plain, Buffer.alloc(16)])).subarray(0, plain.length),
  ChaCha20: stream('chacha20', 16),
  'XOR with a keystream (SHA-256 in counter mode)': xored,
};

/** Which part of a file families encrypt, to be quick. */
const extents: { readonly [name: string]: (plain: Buffer, cipher: (part: Buffer) => Buffer) => Buffer } = {
  whole: (plain, cipher) => cipher(plain),
  'first MB': (plain, cipher) => Buffer.concat([cipher(plain.subarray(0, mebibyte)), plain.subarray(mebibyte)]),
  'last half': (plain, cipher) =>
    Buffer.concat([plain.subarray(0, plain.length / 2), cipher(plain.subarray(plain.length / 2))]),
  'every 4th block of 16 KB': (plain, cipher) => everyBlock(plain, cipher, 4),
  'every 16th block of 16 KB': (plain, cipher) => everyBlock(plain, cipher, 16),
};

/** Real files: how many look encrypted as they are; encrypted copies: how many do not, first seen and seen the night after the plain one. */
export async function run(): Promise<Report> {
  const folder = join(corpus, 'file-corpus');
  if (!existsSync(folder))
    return { name: 'signs', lines: [{ measure: 'skipped: no data', value: '-', target: '-', met: true }] };
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => ({ name, content: readFileSync(join(parentPath, name)).subarray(0, bytesMax) }))
    .filter(({ content }) => content.length >= judgedBytesMin);
  const alarms = files.filter(({ name, content }) => encryptionOf(name, facts(content)) !== undefined);
  const lines: Measure[] = [
    {
      measure: `false alarms on ${files.length} real files${alarms.map(({ name }) => ` ${name}`).join()}`,
      value: `${alarms.length}`,
      target: '0',
      met: alarms.length === 0,
    },
  ];
  for (const [extent, part] of Object.entries(extents))
    for (const [cipher, encrypt] of Object.entries(ciphers)) {
      const copies = files.map(({ name, content }) => ({
        name,
        plain: facts(content),
        now: facts(part(content, encrypt)),
      }));
      const alone = copies.filter(({ name, now }) => encryptionOf(name, now) === undefined).length;
      const after = copies.filter(({ name, now, plain }) => encryptionOf(name, now, plain) === undefined).length;
      lines.push({
        measure: `missed, ${extent}, ${cipher}: after a plain night (first seen)`,
        value: `${after} (${alone}) of ${copies.length}`,
        target: extent === 'whole' ? '0' : 'told',
        met: extent !== 'whole' || after === 0,
      });
    }
  return { name: 'signs', lines };
}

function facts(content: Buffer): Pick<ContentFacts, 'format' | 'evenness'> {
  const meter = new EvennessMeter();
  meter.add(content);
  return { format: compressedFormat(content) ?? null, evenness: meter.end() };
}

function everyBlock(plain: Buffer, cipher: (part: Buffer) => Buffer, nth: number): Buffer {
  const changed = Buffer.from(plain);
  for (let at = 0; at < plain.length; at += nth * 16_384) cipher(plain.subarray(at, at + 16_384)).copy(changed, at);
  return changed;
}

function xored(plain: Buffer): Buffer {
  const key = randomBytes(32);
  const changed = Buffer.from(plain);
  for (let at = 0; at < plain.length; at += 32) {
    const pad = createHash('sha256').update(key).update(String(at)).digest();
    for (let byte = 0; byte < 32 && at + byte < plain.length; byte += 1)
      changed[at + byte] = (plain[at + byte] ?? 0) ^ (pad[byte] ?? 0);
  }
  return changed;
}
