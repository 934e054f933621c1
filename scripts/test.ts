import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { check } from './check.ts';
import { exitStatusOf, nothing, sum, summary, Tally } from './tally.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const seed = process.env.REFLEXE_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
const environment = { ...process.env, REFLEXE_SEED: seed, PATH: `${bin}:${process.env.PATH ?? ''}` };
const fuzzSeconds = '40';

mkdirSync(join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(join(root, '.cache', 'test-'));

/** A step of its own process, its output streamed, which notes its tally in a file. */
async function step(name: string, command: string, args: readonly string[]): Promise<Tally> {
  heading(name);
  const noted = join(folder, `${name}.json`);
  const child = spawn(command, [...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...environment, REFLEXE_TALLY: noted },
  });
  const ended = await new Promise<string>((resolve, reject) => {
    child.on('error', reject).on('close', (status, signal) => resolve(String(status ?? signal)));
  });
  if (!existsSync(noted)) return { ...nothing(), failed: [{ name, why: `ended with ${ended} and told nothing` }] };
  const tally = Tally.parse(JSON.parse(readFileSync(noted, 'utf8')));
  const explained = ended === '0' || tally.failed.length > 0;
  if (!explained) tally.failed.push({ name, why: `ended with ${ended} though no test failed` });
  if (sum([tally]).passed + tally.failed.length + tally.skipped.length > 0) return tally;
  return { ...nothing(), failed: [{ name, why: 'there was nothing to run' }] };
}

async function gatesStep(): Promise<Tally> {
  heading('gates');
  const outcomes = await check((line) => process.stdout.write(`${line}\n`));
  const failed = outcomes.filter(({ passed }) => !passed).map(({ gate }) => ({ name: `gate ${gate}`, why: 'refused' }));
  return { passed: outcomes.length - failed.length, failed, skipped: [] };
}

function heading(name: string): void {
  process.stdout.write(`\n== ${name} (seed ${seed}; the same again: REFLEXE_SEED=${seed} npm test)\n`);
}

const tallies: Tally[] = [];
try {
  tallies.push(await gatesStep());
  const reporters = ['--reporter', 'default', '--reporter', join(import.meta.dirname, 'test-reporter.ts')];
  tallies.push(await step('tests', join(bin, 'vitest'), ['run', '--allowOnly=false', ...reporters]));
  tallies.push(
    await step('fuzz', process.execPath, [
      join(import.meta.dirname, 'fuzz.ts'),
      '--seconds',
      fuzzSeconds,
      '--seed',
      seed,
    ]),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const total = sum(tallies);
process.stdout.write(`${summary(total)}\n`);
process.exitCode = exitStatusOf(total, process.env.CI === 'true' || process.env.CI === '1');
