import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Reference, readReference } from '../src/adapters/openPsa/fixtures/reference.ts';
import { type Measure, type Report, round } from './measure.ts';
import type { Answer } from './weak-points.worker.ts';

const aralia = fileURLToPath(new URL('../../shared/data/aralia', import.meta.url));
/** Not enumerated by the other program in 240 s. */
const hard = ['das9209', 'das9701', 'edf9206'];
const prize = 'nus9601';

/** Published fault trees, each file read and solved: against the seconds another program (C++) took on a machine like this one. */
export async function run(): Promise<Report> {
  if (!existsSync(aralia)) throw new Error('skipped: no data (../shared/data/aralia)');
  const reference = readReference(readFileSync(join(aralia, 'reference.csv'), 'utf8'));
  const known = readdirSync(join(aralia, 'input', 'Aralia'))
    .map((file) => file.slice(0, -4))
    .filter((name) => reference.get(name)?.count !== undefined);
  const all = await solved(known);
  const alone: Solved[] = [];
  for (const name of known) alone.push(await solved([name]));
  const lines: Measure[] = [correct(all, reference), ...quick(all, alone, reference)];
  for (const name of hard) lines.push(...hardLines(name, await solved([name]), reference.get(name)));
  lines.push(prizeLine(await solved([prize])));
  return { name: 'weak-points', lines };
}

interface Solved {
  answers: Answer[];
  peakMegabytes: number;
}

/** In a process of their own, so that its peak of memory is theirs. */
async function solved(names: readonly string[]): Promise<Solved> {
  const worker = fileURLToPath(new URL('weak-points.worker.ts', import.meta.url));
  const files = names.map((name) => join(aralia, 'input', 'Aralia', `${name}.xml`));
  const child = spawn(process.execPath, [worker, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  await once(child, 'close');
  return JSON.parse(said) as Solved;
}

function correct({ answers }: Solved, reference: Map<string, Reference>): Measure {
  const right = answers.filter(({ tree, total, probability }) => {
    const expected = reference.get(tree);
    return total === String(expected?.count) && Number(probability?.toPrecision(6)) === expected?.probability;
  });
  return {
    measure: 'trees with the same count and the same probability (6 figures) as the reference',
    value: `${right.length} of ${answers.length}`,
    target: 'all',
    met: right.length === answers.length && answers.length > 0,
  };
}

function quick(
  { answers, peakMegabytes }: Solved,
  alone: readonly Solved[],
  reference: Map<string, Reference>,
): Measure[] {
  const ours = answers.reduce((sum, { seconds }) => sum + seconds, 0);
  const theirs = answers.reduce((sum, { tree }) => sum + (reference.get(tree)?.seconds ?? 0), 0);
  const slowest = answers.toSorted((one, other) => other.seconds - one.seconds).slice(0, 3);
  const told = slowest.map(({ tree, seconds }) => `${tree} ${round(seconds)} s`).join(', ');
  return [
    {
      measure: `their time, reading included, beside SCRAM's ${round(theirs)} s (slowest: ${told})`,
      value: `${round(ours)} s, ${(ours / theirs).toFixed(3)} ×`,
      target: '≤ 0.1 ×',
      met: ours <= 0.1 * theirs,
    },
    {
      measure: `their peak of resident memory, each in a process of its own as the other program's (all in one process: ${round(peakMegabytes)} MB)`,
      value: `${round(Math.max(...alone.map((one) => one.peakMegabytes)))} MB`,
      target: '≤ 300 MB',
      met: alone.every((one) => one.peakMegabytes <= 300),
    },
  ];
}

function hardLines(name: string, { answers, peakMegabytes }: Solved, reference: Reference | undefined): Measure[] {
  const [answer] = answers;
  const exact = answer?.completeUpTo === null;
  const probable =
    reference?.probability === undefined || Number(answer?.probability?.toPrecision(4)) === reference.probability;
  const seconds = answer?.seconds ?? Number.POSITIVE_INFINITY;
  return [
    {
      measure: `${name}: ${answer?.total} minimal sets, probability ${answer?.probability?.toPrecision(6) ?? 'unknown'}`,
      value: `${round(seconds)} s, ${round(peakMegabytes)} MB`,
      target: '≤ 30 s, ≤ 1 GB, all of them',
      met: exact && probable && seconds <= 30 && peakMegabytes <= 1_000,
    },
  ];
}

function prizeLine({ answers, peakMegabytes }: Solved): Measure {
  const [answer] = answers;
  const told =
    answer?.completeUpTo === null
      ? `${answer.total} minimal sets, all`
      : `${answer?.total} minimal sets of at most ${answer?.completeUpTo} events, and none other that small`;
  return {
    measure: `${prize}: ${told}`,
    value: `${round(answer?.seconds ?? Number.NaN)} s, ${round(peakMegabytes)} MB`,
    target: 'all, or a proven bound',
    met: (answer?.completeUpTo ?? 1) >= 1,
  };
}
