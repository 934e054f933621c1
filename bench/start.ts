import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** How long the hub is left alone before its memory is read: past its first ticks and the collector's first rounds. */
const IDLE_MILLISECONDS = 15_000;
const STARTS = 5;

interface Line {
  measure: string;
  value: string;
  target: string;
  met: boolean;
}

/** From the command a person types (set-up already done) to a page that answers, then what an idle hub holds, and the first page. */
export async function run(): Promise<{ name: string; lines: Line[] }> {
  const bare = await bareNodeSeconds();
  const seconds: number[] = [];
  let idleMegabytes = 0;
  for (let round = 0; round < STARTS; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'reflexe-bench-'));
    const begun = performance.now();
    const hub = spawn('npm', ['start', '--silent', '--', '--port', '0', '--data', join(folder, 'data')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    try {
      const url = await addressOf(hub);
      const page = await fetch(url);
      await page.text();
      seconds.push((performance.now() - begun) / 1000);
      if (round === STARTS - 1) {
        await pause(IDLE_MILLISECONDS);
        idleMegabytes = hubMegabytes(hub.pid ?? 0);
      }
    } finally {
      process.kill(-(hub.pid ?? 0), 'SIGTERM');
      while (groupOfHub(hub.pid ?? 0).length > 0) await pause(50);
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const median = seconds.toSorted((one, other) => one - other)[Math.floor(seconds.length / 2)] ?? Number.NaN;
  const page = firstPageKilobytes();
  return {
    name: 'start',
    lines: [
      {
        measure: `npm start to a page that answers, median of ${STARTS} (bare node process: ${bare.toFixed(2)} s, ${(median / bare).toFixed(0)} ×)`,
        value: `${median.toFixed(2)} s`,
        target: '≤ 5 s',
        met: median <= 5,
      },
      {
        measure: 'idle memory of the hub (resident, all its processes)',
        value: `${idleMegabytes.toFixed(0)} MB`,
        target: '≤ 200 MB',
        met: idleMegabytes <= 200,
      },
      {
        measure: 'first page, compressed: HTML, script, style, font',
        value: `${page.toFixed(0)} kB`,
        target: '≤ 300 kB',
        met: page <= 300,
      },
    ],
  };
}

async function bareNodeSeconds(): Promise<number> {
  const begun = performance.now();
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
  return (performance.now() - begun) / 1000;
}

async function addressOf(hub: ReturnType<typeof spawn>): Promise<string> {
  let said = '';
  for await (const chunk of hub.stdout ?? []) {
    said += String(chunk);
    const found = /http:\/\/localhost:\d+/.exec(said);
    if (found !== null) return found[0];
  }
  throw new Error(`the hub ended without an address: ${said}`);
}

/** The hub is a grandchild of npm: its launchers are not counted. */
function hubMegabytes(leader: number): number {
  const hub = groupOfHub(leader).filter(
    (pid) =>
      /(bin\/reflexe\.mjs|src\/cli\/reflexe\.ts)\0start/.test(commandOf(pid)) && !/^(npm|sh)\b/.test(commandOf(pid)),
  );
  if (hub.length === 0) throw new Error('the hub is not among its own processes');
  const kilobytes = hub.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0));
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

const groupOfHub = (leader: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => groupOf(pid) === leader);
const groupOf = (pid: number): number => Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[2]);
const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** What the browser fetches before the Board can be drawn: what index.html names, and the font its style names. */
function firstPageKilobytes(): number {
  const web = join(root, 'dist', 'web');
  const page = readFileSync(join(web, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '');
  const fonts = readdirSync(join(web, 'assets'))
    .filter((name) => name.endsWith('.woff2'))
    .map((name) => `assets/${name}`);
  const files = ['index.html', ...named, ...fonts];
  return files.reduce((sum, file) => sum + compressedBytes(join(web, file)), 0) / 1000;
}

function compressedBytes(file: string): number {
  try {
    return statSync(`${file}.br`).size;
  } catch {
    return statSync(file).size;
  }
}
