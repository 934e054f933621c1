import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measure, type Report, round } from './measure.ts';

const reflexe = fileURLToPath(new URL('../src/cli/reflexe.ts', import.meta.url));
const published = join(process.env.REFLEXE_DATA ?? join(import.meta.dirname, '../../shared/data'), 'yara');
const nights = 30;
const files = 1000;
const fileBytes = 100_000;
const implantedNight = 20;
const planted = 'REFLEXE-PLANTED-SIGN';
/** The peer restores and scans each night alike: a few are measured, and multiplied. */
const peerNights = [1, 15, 30];

/** The last night with no known sign of thirty, beside restoring and scanning each: `restic restore`, then `yara -N -r`. */
export async function run(): Promise<Report> {
  const lines: Measure[] = [];
  const rules: [string, number, string][] = [['1 rule', 1, '']];
  if (existsSync(published)) rules.push(['250 files of rules', 250, publishedRules(250)]);
  for (const percent of [3, 1, 10]) {
    const base = mkdtempSync(join(tmpdir(), 'clean-point-'));
    try {
      const ids = written(base, percent);
      for (const [name, , text] of percent === 3 ? rules : rules.slice(0, 1))
        lines.push(...compared(base, ids, percent, name, text));
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  }
  return { name: 'cleanPoint', lines };
}

function compared(base: string, ids: readonly string[], percent: number, name: string, text: string): Measure[] {
  const file = join(base, 'rules.yar');
  writeFileSync(file, `${text}\nrule planted_by_the_bench { strings: $a = "${planted}" condition: $a }\n`);
  const verdicts = join(base, `verdicts-${name}`);
  const ask = () =>
    timed(
      process.execPath,
      [
        reflexe,
        'restore',
        'clean-point',
        '--restic',
        join(base, 'repository'),
        '--password-file',
        join(base, 'password'),
        '--rules',
        file,
        '--verdicts',
        verdicts,
        '--json',
      ],
      base,
    );
  const first = ask();
  const dirty: string[] = JSON.parse(first.stdout).snapshots.flatMap((one: { id: string; verdict: string }) =>
    one.verdict === 'dirty' ? one.id : [],
  );
  let [seconds, same] = [0, true];
  for (const night of peerNights) {
    const id = ids[night - 1] ?? '';
    const into = join(base, 'restored');
    seconds += timed('restic', ['--no-cache', '--quiet', 'restore', id, '--target', into], base).seconds;
    const scanned = timed('yara', ['-N', '-r', '-w', file, into], base);
    seconds += scanned.seconds;
    same &&= (scanned.stdout !== '') === dirty.some((one) => one.startsWith(id));
    rmSync(into, { recursive: true, force: true });
  }
  const peer = (seconds / peerNights.length) * nights;
  const again = ask();
  const what = `${percent} % changed, ${name}`;
  return [
    {
      measure: `${what}: restoring and scanning each (${round(peer)} s, from ${peerNights.length} nights) / clean point (${round(first.seconds)} s)`,
      value: `${round(peer / first.seconds)} ×`,
      target: percent === 3 ? '≥ 20 ×' : 'told',
      met: percent !== 3 || peer >= first.seconds * 20,
    },
    { measure: `${what}: same verdicts`, value: same ? 'yes' : 'no', target: 'yes', met: same },
    {
      measure: `${what}: asked again, nothing new`,
      value: `${round((again.seconds / first.seconds) * 100)} % of the first`,
      target: '≤ 5 %',
      met: again.seconds <= first.seconds * 0.05,
    },
  ];
}

/** Thirty nights of 100 MB; each changes so many of the files, whole, as reports and images come and go. */
function written(base: string, percent: number): string[] {
  const srv = join(base, 'srv');
  mkdirSync(srv);
  writeFileSync(join(base, 'password'), 'pw');
  timed('restic', ['init', '--quiet'], base);
  const ids: string[] = [];
  for (let night = 1; night <= nights; night += 1) {
    const changed = night === 1 ? files : (files * percent) / 100;
    for (let number = 0; number < changed; number += 1)
      writeFileSync(join(srv, `${(number + night * 37) % files}.dat`), content(number, night));
    if (night === implantedNight) writeFileSync(join(srv, 'implant.bin'), planted);
    const { stdout } = timed(
      'restic',
      [
        '--no-cache',
        'backup',
        '--json',
        '--host',
        'ehr',
        '--time',
        `2026-03-${String(night).padStart(2, '0')} 02:00:00`,
        'srv',
      ],
      base,
    );
    ids.push(JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}').snapshot_id);
  }
  return ids;
}

/** Text that compresses about three times, as reports do. */
function content(number: number, night: number): Buffer {
  const seed = createHash('sha512').update(`${number} ${night}`).digest('hex');
  return Buffer.from(
    Array.from(
      { length: fileBytes / 160 },
      (_, line) =>
        `${createHash('sha256').update(`${seed}${line}`).digest('hex').slice(0, 40)} ${'compte rendu de consultation '.repeat(4)}\n`,
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

function timed(command: string, args: string[], cwd: string): { seconds: number; stdout: string } {
  const begun = performance.now();
  const env = { ...process.env, RESTIC_REPOSITORY: join(cwd, 'repository'), RESTIC_PASSWORD: 'pw' };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.slice(0, 500)}`);
  return { seconds: (performance.now() - begun) / 1000, stdout };
}
