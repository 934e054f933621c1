import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkKinds } from '../adapters/all.ts';
import { readChecksFile } from '../adapters/scheduler/checksFile.ts';
import { realClock } from '../adapters/scheduler/clock.ts';
import { limitedCheck } from '../adapters/scheduler/limited.ts';
import { SecretFiles } from '../adapters/secretFiles/secretFiles.ts';
import type { DeclaredCheck } from '../detect/checks.ts';
import { type FailedCondition, type Level, levelOf, type Measured, type Verdict } from '../detect/observation.ts';
import type { CheckEdge } from '../detect/ports.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { readRestore } from './configuration.ts';
import { history } from './watch.ts';

export interface TriedCheck {
  check: string;
  component: string;
  kind: string;
  /** What one such answer would establish, were it repeated: `unknown` when the check could learn nothing. */
  state: Level;
  verdict: Verdict;
  code: string;
  detail: string;
  milliseconds: number;
  observed: Measured;
  failedConditions: FailedCondition[];
}

export interface TryOptions {
  /** A file with one check, or with several. */
  file: string;
  /** Which one, where there are several. */
  id: string | undefined;
  secretsFolder: string | undefined;
}

/** Runs one check of a file once, by itself: nothing is journalled, no map is needed. */
export async function tryCheck(
  { file, id, secretsFolder }: TryOptions,
  signal: AbortSignal,
): Promise<Result<TriedCheck>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined)
    return refuse('file-unreadable', 'This file cannot be read.', {
      where: file,
      expected: 'a file of checks, in YAML',
    });
  const { checks, problems } = readChecksFile(text, file, checkKinds);
  const [first] = problems;
  if (first !== undefined) {
    const places = problems.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);
    return refuse('check-invalid', `This check cannot be read: ${places.join('; ')}`, {
      where: `${file}:${first.line}:${first.column}`,
      kept: 'Nothing was asked.',
    });
  }
  const chosen = choose(checks, file, id);
  if (!chosen.ok) return chosen;
  const declared = chosen.value;
  const folder = dirname(resolve(file));
  const observation = await limitedCheck(declared, await edgeOf(folder, secretsFolder)).run(signal);
  const { verdict, code, detail, milliseconds, measured, failedConditions } = observation;
  const { component, kind, worst } = declared;
  return accept({
    ...{ check: declared.id, component, kind, state: levelOf(verdict, worst), verdict, code, detail },
    ...{ milliseconds, observed: measured, failedConditions },
  });
}

function choose(
  checks: readonly DeclaredCheck<CheckEdge>[],
  file: string,
  id: string | undefined,
): Result<DeclaredCheck<CheckEdge>> {
  const [only, ...others] = checks;
  const ids = checks.map((check) => check.id).join(', ');
  const found = id === undefined ? only : checks.find((check) => check.id === id);
  if (found === undefined) {
    return refuse('check-unknown', 'The file has no such check.', {
      where: id ?? file,
      expected: ids === '' ? 'at least one check' : `one of ${ids}`,
    });
  }
  if (id === undefined && others.length > 0) {
    return refuse('check-not-chosen', 'The file has several checks.', {
      where: file,
      expected: `one of ${ids}`,
      cure: 'Name it with --check.',
    });
  }
  return accept(found);
}

/** Secrets beside the file unless told otherwise, or where systemd puts credentials; backup sources in `restore.yaml` beside it. */
async function edgeOf(folder: string, secretsFolder: string | undefined): Promise<CheckEdge> {
  const secrets = new SecretFiles(
    resolve(secretsFolder ?? process.env.CREDENTIALS_DIRECTORY ?? join(folder, 'secrets')),
  );
  const sources = (await readRestore(folder)).value?.sources ?? {};
  return { secrets, clock: realClock, folder, backup: (reference) => history(reference, sources, secrets) };
}
