import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import type { Tally } from './tally.ts';

/** Writes what became of every test to the file `scripts/test.ts` named, beside vitest's own progress. */
export default class TallyReporter implements Reporter {
  #kinds: string[] = [];

  onInit({ projects }: Vitest): void {
    this.#kinds = projects.map(({ name }) => name);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const path = process.env.REFLEXE_TALLY;
    if (path === undefined) throw new Error('REFLEXE_TALLY names no file: this reporter is for scripts/test.ts');
    const tally: Tally = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) count(module, tally);
    for (const kind of this.#kinds)
      if (!modules.some(({ project }) => project.name === kind))
        tally.failed.push({ name: `${kind} tests`, why: 'there was none to run' });
    for (const { message } of unhandled) tally.failed.push({ name: 'error outside of any test', why: message });
    writeFileSync(path, JSON.stringify(tally));
  }
}

function count(module: TestModule, tally: Tally): void {
  const file = relative(process.cwd(), module.moduleId);
  const broken = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
  for (const { message } of broken) tally.failed.push({ name: file, why: message });
  let tests = 0;
  for (const test of module.children.allTests()) {
    countTest(`${file} > ${test.fullName}`, test, tally);
    tests += 1;
  }
  if (tests === 0 && broken.length === 0) tally.failed.push({ name: file, why: 'the file holds no test' });
}

function countTest(name: string, test: TestCase, tally: Tally): void {
  const result = test.result();
  if (result.state === 'passed') tally.passed += 1;
  else if (result.state === 'skipped') tally.skipped.push({ name, why: result.note ?? 'no reason given' });
  else tally.failed.push({ name, why: result.errors?.[0]?.message ?? 'it never ended' });
}
