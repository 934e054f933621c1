import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combine, type DampedCheck, type DampingRule, damp, HISTORY, isFlapping, startDamped } from './damping.ts';
import { type Level, levelOf, type Observation, severity, type Verdict, verdicts } from './observation.ts';

const rule = (more: Partial<DampingRule> = {}): DampingRule => ({
  id: 'ehr-tcp',
  component: 'chu:ehr',
  everyMilliseconds: 30_000,
  flap: { downAfter: 2, upAfter: 2 },
  worst: 'down',
  evidence: 'check',
  ...more,
});
const codes = { pass: 'ok', warn: 'slow', fail: 'tcp-refused', noAnswer: 'secret-missing' } as const;
const seen = (verdict: Verdict, at: number): Observation => ({
  check: 'ehr-tcp',
  component: 'chu:ehr',
  at,
  verdict,
  code: codes[verdict],
  detail: '',
  milliseconds: 1,
  measured: {},
  failedConditions: [],
});
/** One observation per interval, from the first interval on. */
function watch(
  one: DampingRule,
  answers: readonly Verdict[],
  from: DampedCheck = startDamped('unknown', 0),
): DampedCheck {
  return answers.reduce(
    (state, verdict, index) => damp(state, one, seen(verdict, (index + 1) * one.everyMilliseconds)),
    from,
  );
}
const answers = fc.array(fc.constantFrom(...verdicts), { maxLength: 60 });
const flap = fc.record({ downAfter: fc.integer({ min: 1, max: 5 }), upAfter: fc.integer({ min: 1, max: 5 }) });

describe('damping', () => {
  test('the first good answer is believed at once, a single failure is not', () => {
    expect(watch(rule(), ['pass']).settled).toBe('up');
    expect(watch(rule(), ['pass', 'fail']).settled).toBe('up');
    expect(watch(rule(), ['pass', 'fail', 'pass', 'fail']).settled).toBe('up');
  });

  test('two failures in a row are: the loss dates from the first one', () => {
    const down = watch(rule(), ['pass', 'fail', 'fail']);
    expect(down).toMatchObject({ settled: 'down', since: 60_000, evidence: { code: 'tcp-refused', by: 'ehr-tcp' } });
    expect(watch(rule(), ['pass', 'fail', 'fail', 'pass']).settled).toBe('down');
    expect(watch(rule(), ['pass', 'fail', 'fail', 'pass', 'pass'])).toMatchObject({ settled: 'up', since: 120_000 });
  });

  test('failing and limping in turn is believed to limp: the mildest of the streak', () => {
    expect(watch(rule(), ['pass', 'fail', 'warn']).settled).toBe('degraded');
    expect(watch(rule(), ['pass', 'warn', 'fail', 'fail']).settled).toBe('down');
  });

  test('a canary says at worst that the service is degraded', () => {
    expect(watch(rule({ worst: 'degraded', flap: { downAfter: 1, upAfter: 1 } }), ['pass', 'fail']).settled).toBe(
      'degraded',
    );
  });

  test('what was believed does not come back by itself after a silence', () => {
    const up = watch(rule(), ['pass', 'pass']);
    const late = damp(up, rule(), seen('fail', 1_000_000));
    expect(late.settled).toBe('unknown');
    expect(damp(up, rule(), seen('pass', 1_000_000)).settled).toBe('up');
  });

  test('silence of one check makes the component unknown, unless another sees it down', () => {
    const up = { rule: rule({ id: 'a' }), damped: watch(rule(), ['pass']) };
    const down = { rule: rule({ id: 'b', everyMilliseconds: 3_600_000 }), damped: { ...startDamped('down', 0) } };
    expect(combine([up], 120_000)).toMatchObject({ level: 'up' });
    expect(combine([up], 120_001)).toMatchObject({
      level: 'unknown',
      since: 30_000,
      evidence: { kind: 'silence', by: 'a' },
    });
    expect(combine([up, down], 120_001)).toMatchObject({ level: 'down' });
    expect(combine([], 0)).toBeUndefined();
  });

  test('an unstable check is counted as flapping, a single change is not', () => {
    const unstable = Array.from({ length: 10 }, (_, index): Verdict => (index % 2 === 0 ? 'pass' : 'fail'));
    expect(isFlapping(watch(rule(), unstable))).toBe(true);
    expect(isFlapping(watch(rule(), ['pass', 'pass', 'fail', 'fail', 'fail']))).toBe(false);
  });
});

describe('damping, whatever the answers', () => {
  test('never changes on less than a full streak of other levels, and says a level of that streak', () => {
    fc.assert(
      fc.property(answers, flap, (verdictsSeen, flapRule) => {
        const one = rule({ flap: flapRule });
        let state = startDamped('up', 0);
        verdictsSeen.forEach((verdict, index) => {
          const next = damp(state, one, seen(verdict, (index + 1) * one.everyMilliseconds));
          if (next.settled !== state.settled) {
            const worse = severity(next.settled) > severity(state.settled);
            const fresh = state.settled === 'unknown' && state.evidence === null;
            const needed = worse ? flapRule.downAfter : fresh ? 1 : flapRule.upAfter;
            const streak = verdictsSeen
              .slice(0, index + 1)
              .slice(-needed)
              .map((v): Level => levelOf(v, 'down'));
            expect(streak).toHaveLength(needed);
            expect(streak).toContain(next.settled);
            const side = worse ? 1 : -1;
            for (const level of streak) expect(Math.sign(severity(level) - severity(state.settled))).toBe(side);
          }
          state = next;
        });
      }),
    );
  });

  test('ends by believing what does not change any more, and remembers no more than it may', () => {
    fc.assert(
      fc.property(answers, flap, fc.constantFrom(...verdicts), (before, flapRule, last) => {
        const one = rule({ flap: flapRule });
        const end = watch(one, [...before, ...Array.from({ length: 5 }, () => last)]);
        expect(end.settled).toBe(levelOf(last, 'down'));
        expect(end.seen.length).toBeLessThanOrEqual(HISTORY);
      }),
    );
  });

  test('a component is never said better than any of its checks', () => {
    fc.assert(
      fc.property(fc.array(answers, { minLength: 1, maxLength: 5 }), (all) => {
        const checks = all.map((one, index) => ({ rule: rule({ id: `c${index}` }), damped: watch(rule(), one) }));
        const now = 60 * 30_000;
        const combined = combine(checks, now);
        for (const one of checks) {
          expect(severity(combined?.level ?? 'up')).toBeGreaterThanOrEqual(
            severity(combine([one], now)?.level ?? 'up'),
          );
        }
      }),
    );
  });
});
