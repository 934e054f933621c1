import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { ContentExaminer } from '../src/adapters/scanner/examine.ts';
import { encryptionOf, type Look } from '../src/restore/cleanPoint/content.ts';
import type { Measure, Report } from './measure.ts';

const data = process.env.REFLEXE_DATA ?? join(import.meta.dirname, '../../shared/data');
/** Real files of the formats a hospital keeps: what is encrypted here. False alarms are counted on all the folders there are. */
const encryptedFolders = ['file-corpus', 'dicom'];
/** Of files below this, few blocks can be judged at all. */
const judgedBytesMin = 8192;
const bytesMax = 32 * 1024 * 1024;
const mebibyte = 1024 * 1024;
const blockBytes = 16_384;

interface RealFile {
  name: string;
  kind: string;
  content: Buffer;
}

const stream = (cipher: string, ivBytes: number) => (plain: Buffer) =>
  createCipheriv(cipher, randomBytes(32), randomBytes(ivBytes)).update(plain);
const ciphers: { readonly [name: string]: (plain: Buffer) => Buffer } = {
  'AES-256-CTR': stream('aes-256-ctr', 16),
  'AES-256-CBC': (plain) =>
    stream('aes-256-cbc', 16)(Buffer.concat([plain, Buffer.alloc(16)])).subarray(0, plain.length),
  ChaCha20: stream('chacha20', 16),
  'XOR with a keystream': xored,
};

type Part = (plain: Buffer, cipher: (part: Buffer) => Buffer) => Buffer;
/** Which part of a file families encrypt, to be quick. */
const extents: { readonly [name: string]: Part } = {
  whole: (plain, cipher) => cipher(plain),
  'in the first MB': (plain, cipher) => Buffer.concat([cipher(plain.subarray(0, mebibyte)), plain.subarray(mebibyte)]),
  'but for the first 4 KB': (plain, cipher) => Buffer.concat([plain.subarray(0, 4096), cipher(plain.subarray(4096))]),
  'in the last half': (plain, cipher) =>
    Buffer.concat([plain.subarray(0, plain.length / 2), cipher(plain.subarray(plain.length / 2))]),
  'in every 4th block of 16 KB, the 1st too': everyBlock(4, 0),
  'in every 16th block of 16 KB, the 1st too': everyBlock(16, 0),
  'in every 4th block of 16 KB, from the 2nd': everyBlock(4, 1),
  'in every 16th block of 16 KB, from the 2nd': everyBlock(16, 1),
};

/**
 * Real files: how many look encrypted as they are, by kind. Encrypted copies: how many do not, by extent and cipher, seen the night after
 * the plain one and (in brackets) seen by themselves; then by kind of file.
 */
export async function run(): Promise<Report> {
  if (!existsSync(data))
    return { name: 'signs', lines: [{ measure: 'skipped: no data', value: '-', target: '-', met: true }] };
  const all = readdirSync(data, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? below(entry.name) : [],
  );
  const lines: Measure[] = [];
  const kinds = Map.groupBy(all, ({ kind }) => kind);
  const few: string[] = [];
  for (const [kind, files] of [...kinds].toSorted(([, one], [, other]) => other.length - one.length)) {
    const alarms = await alarmsAmong(files);
    if (alarms.length === 0 && files.length < 5) few.push(`${files.length} ${kind}`);
    else lines.push(alarmLine(`${files.length} ${kind}`, alarms));
  }
  lines.push(alarmLine(few.join(', '), []));
  return { name: 'signs', lines: [...lines, ...(await missedLines(encryptedFolders.flatMap(below)))] };
}

/** Copies of one kind of file, encrypted in part in all the ways there are: how many do not look so when first seen. */
interface Tally {
  copies: number;
  missed: number;
}

async function missedLines(files: readonly RealFile[]): Promise<Measure[]> {
  const lines: Measure[] = [];
  const plain = await Promise.all(files.map(({ content }) => look(content)));
  const byKind = new Map<string, Tally>();
  for (const [extent, part] of Object.entries(extents)) {
    const told: string[] = [];
    let [most, copies] = [0, 0];
    for (const [cipher, encrypt] of Object.entries(ciphers)) {
      const [after, alone]: [string[], string[]] = [[], []];
      copies = 0;
      for (const [at, { name, kind, content }] of files.entries()) {
        const changed = part(content, encrypt);
        // A part that begins behind the end of a file leaves it as it is.
        if (changed.equals(content)) continue;
        copies += 1;
        const now = await look(changed);
        if (encryptionOf(name, now, plain[at]) === undefined) after.push(name);
        const isMissed = encryptionOf(name, now) === undefined;
        if (isMissed) alone.push(name);
        if (extent === 'whole') continue;
        const tally = byKind.get(kind) ?? { copies: 0, missed: 0 };
        byKind.set(kind, { copies: tally.copies + 1, missed: tally.missed + (isMissed ? 1 : 0) });
      }
      told.push(`${cipher} ${after.length} (${alone.length})`);
      most = Math.max(most, after.length);
      if (process.env.REFLEXE_BENCH_NAMES !== undefined)
        process.stderr.write(`${extent}, ${cipher}: ${after.join(', ')} (${alone.join(', ')})\n`);
    }
    lines.push({
      measure: `missed of ${copies} copies encrypted ${extent}: seen the night after the plain one (by itself)`,
      value: told.join(', '),
      target: extent === 'whole' ? '0' : 'told',
      met: extent !== 'whole' || most === 0,
    });
  }
  return [...lines, ...kindLines(byKind)];
}

function kindLines(byKind: ReadonlyMap<string, Tally>): Measure[] {
  const shown = [...byKind].toSorted(([, one], [, other]) => other.missed - one.missed);
  const none = shown.filter(([, { missed }]) => missed === 0);
  const line = (of: string, { copies, missed }: Tally): Measure => ({
    measure: `missed of copies encrypted in part, every way and cipher, seen by itself: ${of}`,
    value: `${missed} of ${copies} (${((100 * missed) / copies).toFixed(0)} %)`,
    target: 'told',
    met: true,
  });
  return [
    ...shown.filter(([, { missed }]) => missed > 0).map(([kind, tally]) => line(kind, tally)),
    line(none.map(([kind]) => kind).join(', '), {
      copies: none.reduce((sum, [, { copies }]) => sum + copies, 0),
      missed: 0,
    }),
  ];
}

function below(folder: string): RealFile[] {
  const root = join(data, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name))
    .map((path) => ({
      name: relative(data, path),
      kind: extname(path).toLowerCase() || `of ${folder}, without a suffix`,
      content: readFileSync(path).subarray(0, bytesMax),
    }))
    .filter(({ content }) => content.length >= judgedBytesMin);
}

async function alarmsAmong(files: readonly RealFile[]): Promise<string[]> {
  const alarms: string[] = [];
  for (const { name, content } of files) if (encryptionOf(name, await look(content)) !== undefined) alarms.push(name);
  return alarms;
}

const alarmLine = (of: string, alarms: readonly string[]): Measure => ({
  measure: `false alarms on real files: ${of}${alarms.map((name) => ` ${name}`).join()}`,
  value: `${alarms.length}`,
  target: '0',
  met: alarms.length === 0,
});

async function look(content: Buffer): Promise<Look> {
  const examiner = new ContentExaminer(() => [], content.length);
  await examiner.window(content, 0);
  return examiner.end();
}

function everyBlock(nth: number, first: number): Part {
  return (plain, cipher) => {
    const changed = Buffer.from(plain);
    for (let at = first * blockBytes; at < plain.length; at += nth * blockBytes)
      cipher(plain.subarray(at, at + blockBytes)).copy(changed, at);
    return changed;
  };
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
