import { join } from 'node:path';
import process from 'node:process';
import { gates } from './gates/all.ts';
import { describe, isOpen, judge, type Verdict } from './gates/gate.ts';
import { runTool } from './gates/run-tool.ts';

const root = join(import.meta.dirname, '..');

export interface Outcome {
  gate: string;
  passed: boolean;
}

/** Runs every gate on the tree, a line each; what they refuse is listed under them. */
export async function check(print: (line: string) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const gate of gates) {
    const verdict = await judge(gate, root);
    const passed = isOpen(verdict);
    print(
      `${passed ? 'ok    ' : 'REFUSED'} ${gate.name}: ${verdict.examined} ${gate.unit ?? 'files'} examined${counted(verdict)}`,
    );
    if (verdict.examined === 0)
      print(`        ${gate.name} examined nothing: a gate that looks at nothing proves nothing`);
    for (const problem of verdict.problems) print(`        ${describe(problem)}`);
    outcomes.push({ gate: gate.name, passed });
  }
  return outcomes;
}

const counted = ({ problems }: Verdict): string => (problems.length === 0 ? '' : `, ${problems.length} refused`);

/** The gates' own proofs: each must refuse its fixture. `npm test` runs them among the unit tests instead. */
async function proofs(): Promise<Outcome> {
  const { status, stdout, stderr } = await runTool(root, 'vitest', ['run', '--project', 'unit', 'scripts/gates/']);
  const [tests = 'no tests'] = /Tests\s+(.*)/.exec(stdout)?.slice(1) ?? [];
  const passed = status === 0 && /\d+ passed/.test(tests);
  process.stdout.write(`${passed ? 'ok    ' : 'REFUSED'} the gates’ own proofs: ${tests.trim()}\n`);
  if (!passed) process.stdout.write(`${stdout}\n${stderr}\n`);
  return { gate: 'proofs', passed };
}

// The starter imports what it runs, where its own Node will do.
if (process.argv[1] === import.meta.filename) {
  const outcomes = await check((line) => process.stdout.write(`${line}\n`));
  outcomes.push(await proofs());
  process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;
}
