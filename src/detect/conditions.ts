import type { CheckCode } from './codes.ts';
import {
  DETAIL_LENGTH,
  type FailedCondition,
  type Finding,
  type Measured,
  type Sign,
  type Verdict,
} from './observation.ts';

/** One expectation held against what was measured. `code` is what the journal keeps when it is not met. */
export interface Condition extends FailedCondition {
  met: boolean;
  code: CheckCode;
}

export const holds = (
  condition: string,
  expected: string,
  observed: string,
  met: boolean,
  code: CheckCode,
): Condition => ({
  ...{ condition, expected, observed, met, code },
});

/** A limit on a number: `atLeast` for what must not run low, `atMost` for what must not take too long. */
export function atLeast(
  condition: string,
  minimum: number | undefined,
  observed: number | null,
  code: CheckCode,
): Condition[] {
  if (minimum === undefined) return [];
  const met = observed !== null && observed >= minimum;
  return [{ condition, expected: `at least ${minimum}`, observed: said(observed), met, code }];
}

export function atMost(
  condition: string,
  maximum: number | undefined,
  observed: number | null,
  code: CheckCode,
): Condition[] {
  if (maximum === undefined) return [];
  const met = observed !== null && observed <= maximum;
  return [{ condition, expected: `at most ${maximum}`, observed: said(observed), met, code }];
}

/**
 * The verdict of a check that got its answer: what `expect` misses fails, what `warn` misses degrades.
 * The first one missed gives the code; the detail names each with what was seen.
 */
export function judge(
  measured: Measured,
  conditions: { expect: Condition[]; warn?: Condition[] },
  sign?: Sign,
): Finding {
  const failed = conditions.expect.filter((condition) => !condition.met);
  const warned = (conditions.warn ?? []).filter(
    (condition) => !condition.met && !failed.some((one) => one.condition === condition.condition),
  );
  const missed = [...failed, ...warned];
  return {
    verdict: failed.length > 0 ? 'fail' : warned.length > 0 ? 'warn' : 'pass',
    code: missed[0]?.code ?? 'ok',
    detail: shorten(
      missed.map(({ condition, expected, observed }) => `${condition}: ${expected}, seen ${observed}`).join('; '),
    ),
    measured,
    failedConditions: missed.map(({ condition, expected, observed }) => ({ condition, expected, observed })),
    ...(sign === undefined ? {} : { sign }),
  };
}

/** What is found when the answer never came to be judged: refused, cut, too late, or nothing to ask with. */
export function unanswered(
  verdict: Extract<Verdict, 'fail' | 'noAnswer'>,
  code: CheckCode,
  detail: string,
  measured: Measured = {},
): Finding {
  return {
    verdict,
    code,
    detail: shorten(detail),
    measured,
    failedConditions: [{ condition: 'answers', expected: 'an answer', observed: code }],
  };
}

/** One line, printable, no longer than the journal keeps: what comes from outside may hold anything. */
export function shorten(text: string): string {
  const printable = text.replace(/\p{Cc}+/gu, ' ').trim();
  return printable.length <= DETAIL_LENGTH ? printable : `${printable.slice(0, DETAIL_LENGTH - 1)}…`;
}

const said = (value: number | null): string => (value === null ? 'nothing' : String(value));
