import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Measure, median, type Report, round, spread } from './measure.ts';

/** What is measured is what is installed: from the sources, each thread would first load what takes the types away. */
const build = fileURLToPath(new URL('../scripts/build.ts', import.meta.url));
const reflexe = fileURLToPath(new URL('../dist/cli/reflexe.js', import.meta.url));
const rounds = 3;
const filesInFolder = 100;
const folders = 200;
/** Of the whole tree, about as much as the mean file has, in one file that no pack holds alone. */
const largeBytes = 850_000_000;
/** What removing two gigabytes leaves for the disk to do would be charged to whoever comes next. */
const settleMilliseconds = 5000;
const memorySampleMilliseconds = 20;
const memoryMegabytesMax = 400;

interface Ran {
  seconds: number;
  /** Most the process held at once (proc(5), VmHWM). */
  megabytes: number;
}

/** Restoring and verifying 2 GB, 20,000 files, with our reader and with restic, as whole processes that take turns. */
export async function run(): Promise<Report> {
  const base = mkdtempSync(join(tmpdir(), 'reading-'));
  try {
    const place = prepared(base);
    const lines: Measure[] = [];
    const memory: number[] = [];
    for (const cache of canDropCaches() ? (['warm', 'cold'] as const) : (['warm'] as const)) {
      const restored = await turns(place, cache, {
        ours: place.ours('extract', '--snapshot', 'latest', '--to', place.into),
        restic: place.restic('restore', 'latest', '--target', place.into),
        resticReadBack: place.restic('restore', 'latest', '--target', place.into, '--verify'),
      });
      const checked = await turns(place, cache, {
        ours: place.ours('verify'),
        restic: place.restic('check', '--read-data'),
      });
      memory.push(...restored('ours').map(({ megabytes }) => megabytes));
      lines.push(
        compared(`restore beside restic restore, page cache ${cache}`, restored('restic'), restored('ours'), 1),
        compared(
          `restore beside restic restore --verify, page cache ${cache}`,
          restored('resticReadBack'),
          restored('ours'),
          1,
        ),
        compared(
          `verify beside restic check --read-data, page cache ${cache}`,
          checked('restic'),
          checked('ours'),
          1.5,
        ),
      );
    }
    const most = Math.max(...memory);
    lines.push({
      measure: 'memory restoring, at most',
      value: `${round(most)} MB`,
      target: `≤ ${memoryMegabytesMax} MB`,
      met: most <= memoryMegabytesMax,
    });
    return { name: 'reading', lines };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

interface Place {
  repository: string;
  into: string;
  ours(...words: string[]): string[];
  restic(...words: string[]): string[];
}

/** Has each command done in turn, in another order each round, from the same state of the disk and of its cache. */
async function turns<Name extends string>(
  place: Place,
  cache: 'warm' | 'cold',
  commands: Record<Name, string[]>,
): Promise<(name: Name) => Ran[]> {
  const entries = Object.entries<string[]>(commands);
  const ran = new Map<string, Ran[]>(entries.map(([name]) => [name, []]));
  for (let at = 0; at < rounds; at += 1)
    for (let turn = 0; turn < entries.length; turn += 1) {
      const [name = '', command = []] = entries[(at + turn) % entries.length] ?? [];
      rmSync(place.into, { recursive: true, force: true });
      spawnSync('sync');
      await setTimeout(settleMilliseconds);
      if (cache === 'cold') dropCaches();
      else readAll(place.repository);
      ran.get(name)?.push(await timed(command));
    }
  rmSync(place.into, { recursive: true, force: true });
  return (name) => ran.get(name) ?? [];
}

async function timed([program = '', ...words]: string[]): Promise<Ran> {
  const begun = performance.now();
  const child = spawn(program, words, {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', LANG: 'en' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-2000);
  });
  let megabytes = 0;
  const sample = setInterval(() => {
    megabytes = Math.max(megabytes, peakMegabytes(child.pid ?? 0));
  }, memorySampleMilliseconds);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(sample);
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${status}: ${said}`);
  return { seconds: (performance.now() - begun) / 1000, megabytes };
}

function peakMegabytes(pid: number): number {
  try {
    return (Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024) / 1e6;
  } catch {
    return 0;
  }
}

/** How many times faster than restic, round against round. */
function compared(measure: string, peer: readonly Ran[], ours: readonly Ran[], least: number): Measure {
  const ratios = ours.map(({ seconds }, at) => (peer[at]?.seconds ?? Number.NaN) / seconds);
  const [own, other] = [ours, peer].map((ran) => round(median(ran.map(({ seconds }) => seconds))));
  return {
    measure,
    value: `${round(median(ratios))}× (${spread(ratios)}); ${own} s beside ${other} s`,
    target: `≥ ${least.toFixed(1)}×`,
    met: median(ratios) >= least,
  };
}

function prepared(base: string): Place {
  const [data, repository] = [join(base, 'data'), join(base, 'repository')];
  const [into, password] = [join(base, 'into'), join(base, 'password')];
  mkdirSync(data);
  writeFileSync(password, 'bench', { mode: 0o600 });
  const restic = (...words: string[]): string[] => [
    'restic',
    ...words,
    ...['--repo', repository, '--password-file', password, '--no-cache', '--no-lock', '--quiet'],
  ];
  fill(data);
  const made = (words: string[]): void => {
    const [program = '', ...rest] = words.filter((word) => word !== '--no-lock');
    const { status, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  };
  made([process.execPath, build]);
  made(restic('init'));
  made(restic('backup', data));
  rmSync(data, { recursive: true });
  return {
    repository,
    into,
    restic,
    ours: (word, ...more) => [
      process.execPath,
      reflexe,
      ...['restore', word, ...more, '--restic', repository, '--password-file', password, '--json'],
    ],
  };
}

/** Sizes of files spread as they are in a hospital's folders: most a few kilobytes, some megabytes; one half already compressed. */
function fill(data: string): void {
  const sentence = Buffer.from('Compte rendu de consultation, service de cardiologie, patient numéro ');
  for (let folder = 0; folder < folders; folder += 1) {
    const path = join(data, `dossier-${folder}`);
    mkdirSync(path);
    for (let file = 0; file < filesInFolder; file += 1) {
      const seed = folder * filesInFolder + file;
      const bytes = Math.round(Math.exp(7 + 5.7 * fraction(seed)));
      writeFileSync(join(path, `document-${file}`), seed % 2 === 0 ? noise(seed, bytes) : text(sentence, seed, bytes));
    }
  }
  const parts = Math.ceil(largeBytes / 4_000_000);
  for (let part = 0; part < parts; part += 1)
    writeFileSync(join(data, 'base.db'), noise(1_000_000 + part, 4_000_000), { flag: 'a' });
}

/** Between 0 and 1, the same for the same seed. */
const fraction = (seed: number): number => createHash('sha256').update(`${seed}`).digest().readUInt32LE() / 2 ** 32;

/** Bytes that do not compress, the same for the same seed. */
const noise = (seed: number, bytes: number): Buffer =>
  createHash('shake256', { outputLength: bytes }).update(`noise ${seed}`).digest();

function text(sentence: Buffer, seed: number, bytes: number): Buffer {
  const lines: Buffer[] = [];
  for (let length = 0, line = 0; length < bytes; line += 1) {
    const next = Buffer.concat([sentence, Buffer.from(`${Math.imul(seed + line, 2_654_435_761) >>> 0}\n`)]);
    lines.push(next);
    length += next.length;
  }
  return Buffer.concat(lines, bytes);
}

function readAll(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && statSync(join(entry.parentPath, entry.name)).size > 0)
      readFileSync(join(entry.parentPath, entry.name));
}

function canDropCaches(): boolean {
  try {
    dropCaches();
    return true;
  } catch {
    process.stderr.write('page cache cold: not run, only root can drop the cache\n');
    return false;
  }
}

/** proc(5), /proc/sys/vm/drop_caches. */
function dropCaches(): void {
  spawnSync('sync');
  writeFileSync('/proc/sys/vm/drop_caches', '3');
}
