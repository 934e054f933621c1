import { spawn, spawnSync } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Measure, median, type Report, round } from './measure.ts';

/** What is measured is what is installed. */
const build = fileURLToPath(new URL('../scripts/build.ts', import.meta.url));
const reflexe = fileURLToPath(new URL('../dist/cli/reflexe.js', import.meta.url));
const published = join(process.env.REFLEXE_DATA ?? join(import.meta.dirname, '../../shared/data'), 'yara');
const nights = 30;
const implantedNight = 20;
const planted = 'REFLEXE-PLANTED-SIGN';
const memoryMegabytesMax = 600;
const memorySampleMilliseconds = 100;
/** What writing a night leaves for the disk to do would be charged to whoever comes next. */
const settleMilliseconds = 2000;
/** What takes a second is asked several times. */
const shortTimes = 3;

/** `peers`: the nights that are restored and scanned, all alike: the time of thirty is reckoned from these. */
interface Case {
  percent: number;
  files: number;
  fileBytes: number;
  rules: { name: string; files: number; peers: number[] }[];
}
const one = { name: '1 rule', files: 0, peers: [1, 15, 30] };
const cases: Case[] = [
  // The one with targets: large enough that what starting a process costs is no more than it is.
  {
    percent: 3,
    files: 2000,
    fileBytes: 1_000_000,
    rules: [one, { name: '250 files of rules', files: 250, peers: [15] }],
  },
  { percent: 1, files: 1000, fileBytes: 200_000, rules: [one] },
  { percent: 10, files: 1000, fileBytes: 200_000, rules: [one] },
];

/**
 * The last night with no known sign of thirty, beside restoring and scanning each: `restic restore`, then `yara -N -r`. Then the same
 * asked again, and after one more night.
 */
export async function run(): Promise<Report> {
  ran(spawnSync(process.execPath, [build], { encoding: 'utf8' }), 'build');
  const lines: Measure[] = [];
  for (const asked of cases) {
    const base = mkdtempSync(join(tmpdir(), 'clean-point-'));
    try {
      lines.push(...(await measured(base, asked)));
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  }
  return { name: 'cleanPoint', lines };
}

async function measured(base: string, asked: Case): Promise<Measure[]> {
  const ids = written(base, asked);
  const kinds = asked.rules.filter(({ files }) => files === 0 || existsSync(published));
  const firsts: First[] = [];
  for (const rules of kinds) firsts.push(await beside(base, ids, asked, rules));
  const [first] = firsts;
  const lines = firsts.flatMap(({ lines: some }) => some);
  if (first === undefined) return lines;
  const again: number[] = [];
  const next: number[] = [];
  for (let time = 0; time < shortTimes; time += 1) again.push((await cleanPoint(base, one.name)).seconds);
  for (let time = 1; time <= shortTimes; time += 1) {
    writeNight(base, asked, nights + time);
    next.push((await cleanPoint(base, one.name)).seconds);
  }
  const share = (what: string, seconds: number[]): Measure => ({
    measure: `${told(asked)}: ${what} (${round(median(seconds))} s; ${seconds.map(round).join(', ')})`,
    value: `${round((median(seconds) / first.seconds) * 100)} % of the first pass`,
    target: asked.percent === 3 ? '≤ 5 %' : 'told',
    met: asked.percent !== 3 || median(seconds) <= first.seconds * 0.05,
  });
  return [...lines, share('asked again', again), share('one more night', next)];
}

const told = ({ percent, files, fileBytes }: Case): string =>
  `${percent} % of ${round((files * fileBytes) / 1e9)} GB a night`;

interface First {
  seconds: number;
  lines: Measure[];
}

/** They take turns: a night restored and scanned, the first pass, the other nights. */
async function beside(base: string, ids: readonly string[], asked: Case, rules: Case['rules'][number]): Promise<First> {
  const file = join(base, `${rules.name}.yar`);
  const text = rules.files === 0 ? '' : publishedRules(rules.files);
  writeFileSync(file, `${text}\nrule planted_by_the_bench { strings: $a = "${planted}" condition: $a }\n`);
  const peer = async (night: number): Promise<Ran> => {
    const into = join(base, `restored-${night}`);
    const restored = await timed(
      'restic',
      ['--no-cache', '--quiet', 'restore', ids[night - 1] ?? '', '--target', into],
      base,
    );
    const scanned = await timed('yara', ['-N', '-r', '-w', file, into], base);
    return { ...scanned, seconds: restored.seconds + scanned.seconds };
  };
  const [earliest = 1, ...others] = rules.peers;
  const peers = [{ night: earliest, ...(await peer(earliest)) }];
  const first = await cleanPoint(base, rules.name);
  for (const night of others) peers.push({ night, ...(await peer(night)) });
  for (const { night } of peers) rmSync(join(base, `restored-${night}`), { recursive: true });
  const verdicts: { id: string; verdict: string }[] = JSON.parse(first.stdout).snapshots;
  const same = peers.every(({ night, stdout }) => {
    const found = verdicts.find(({ id }) => id.startsWith(ids[night - 1] ?? '-'));
    return found !== undefined && (found.verdict === 'dirty') === (stdout !== '');
  });
  const thirty = (peers.reduce((sum, { seconds }) => sum + seconds, 0) / peers.length) * nights;
  const [what, isTarget] = [`${told(asked)}, ${rules.name}`, asked.percent === 3 && rules.files === 0];
  return {
    seconds: first.seconds,
    lines: [
      {
        measure: `${what}: restoring and scanning each (${round(thirty)} s, from ${peers.length}) / clean point (${round(first.seconds)} s)`,
        value: `${round(thirty / first.seconds)} ×`,
        target: isTarget ? '≥ 20 ×' : 'told',
        met: !isTarget || thirty >= first.seconds * 20,
      },
      { measure: `${what}: same verdicts`, value: same ? 'yes' : 'no', target: 'yes', met: same },
      {
        measure: `${what}: memory of all processes together, at most`,
        value: `${round(first.megabytes)} MB`,
        target: `≤ ${memoryMegabytesMax} MB`,
        met: first.megabytes <= memoryMegabytesMax,
      },
    ],
  };
}

function cleanPoint(base: string, rules: string): Promise<Ran> {
  const options = {
    '--restic': join(base, 'repository'),
    '--password-file': join(base, 'password'),
    '--rules': join(base, `${rules}.yar`),
    '--verdicts': join(base, 'verdicts'),
  };
  return timed(
    process.execPath,
    [reflexe, 'restore', 'clean-point', ...Object.entries(options).flat(), '--json'],
    base,
  );
}

/** Nights in which so many of the files are written anew, whole, as reports and images come and go. */
function written(base: string, asked: Case): string[] {
  mkdirSync(join(base, 'srv'));
  writeFileSync(join(base, 'password'), 'pw');
  restic(base, 'init', '--quiet');
  return Array.from({ length: nights }, (_, before) => writeNight(base, asked, before + 1));
}

function writeNight(base: string, { percent, files, fileBytes }: Case, night: number): string {
  const changed = night === 1 ? files : (files * percent) / 100;
  for (let number = 0; number < changed; number += 1)
    writeFileSync(
      join(base, 'srv', `${(number + night * (changed + 7)) % files}.dat`),
      content(`${number} ${night}`, fileBytes),
    );
  if (night === implantedNight) writeFileSync(join(base, 'srv', 'implant.bin'), planted);
  const time = new Date(Date.UTC(2026, 2, night, 2)).toISOString().slice(0, 19).replace('T', ' ');
  const said = restic(base, '--no-cache', 'backup', '--json', '--host', 'ehr', '--time', time, 'srv');
  return JSON.parse(said.trim().split('\n').at(-1) ?? '{}').snapshot_id;
}

/** Text that compresses about three times, as reports do. */
function content(seed: string, bytes: number): Buffer {
  const lines = Math.floor(bytes / 160);
  const key = createHash('sha256').update(seed).digest();
  const noise = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
    .update(Buffer.alloc(lines * 20))
    .toString('hex');
  return Buffer.from(
    Array.from(
      { length: lines },
      (_, line) => `${noise.slice(line * 40, line * 40 + 40)} ${'compte rendu de consultation '.repeat(4)}\n`,
    ).join(''),
  );
}

function publishedRules(count: number): string {
  return readdirSync(published, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.yara?$/.test(entry.name) && entry.name !== 'blocklist.yara')
    .slice(0, count)
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n');
}

const secrets = (base: string) => ({ RESTIC_REPOSITORY: join(base, 'repository'), RESTIC_PASSWORD: 'pw' });

function restic(base: string, ...words: string[]): string {
  const env = { ...process.env, ...secrets(base) };
  return ran(spawnSync('restic', words, { cwd: base, env, encoding: 'utf8', maxBuffer: 2 ** 28 }), words.join(' '));
}

function ran(
  { status, stdout, stderr }: { status: number | null; stdout: string; stderr: string },
  what: string,
): string {
  if (status !== 0) throw new Error(`${what}: ${stderr.slice(0, 500)}`);
  return stdout;
}

interface Ran {
  seconds: number;
  stdout: string;
  /** Most that it and all processes below it held at once, what they share counted once (proc(5), Pss). */
  megabytes: number;
}

async function timed(command: string, words: string[], base: string): Promise<Ran> {
  spawnSync('sync');
  await setTimeout(settleMilliseconds);
  const begun = performance.now();
  const child = spawn(command, words, {
    cwd: base,
    env: { ...process.env, ...secrets(base) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (part: Buffer) => {
    said.stdout += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    said.stderr = (said.stderr + part.toString()).slice(-2000);
  });
  let megabytes = 0;
  const sample = setInterval(() => {
    megabytes = Math.max(megabytes, megabytesBelow(child.pid ?? 0));
  }, memorySampleMilliseconds);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(sample);
  return { seconds, stdout: ran({ status, ...said }, `${command} ${words.join(' ')}`), megabytes };
}

function megabytesBelow(root: number): number {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1');
    } catch {
      // It has ended meanwhile.
      return '';
    }
  };
  const parents = new Map<string, string>();
  // After the name in parentheses, which may hold anything: the state, then the parent (proc(5)).
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    parents.set(pid, /^.*\) \S (\d+)/s.exec(read(pid, 'stat'))?.[1] ?? '');
  const below = new Set([String(root)]);
  for (let size = 0; size < below.size; ) {
    size = below.size;
    for (const [pid, parent] of parents) if (below.has(parent)) below.add(pid);
  }
  const bytes = [...below].map((pid) => Number(/^Pss:\s+(\d+) kB$/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0) * 1024);
  return bytes.reduce((sum, some) => sum + some, 0) / 1e6;
}
