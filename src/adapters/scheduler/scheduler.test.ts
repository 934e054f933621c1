import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../detect/observation.ts';
import type { Check } from '../../detect/ports.ts';
import { Scheduler, type SchedulerOptions } from './scheduler.ts';
import { SimulatedClock } from './simulatedClock.ts';

/** A check that takes `lasts` of simulated time to answer, and notes when it was asked. */
class Asked implements Check {
  readonly component = 'it';
  readonly at: number[] = [];
  running = 0;
  together = 0;
  aborted = 0;
  readonly id: string;
  readonly clock: SimulatedClock;
  readonly lasts: number;
  constructor(id: string, clock: SimulatedClock, lasts = 0) {
    this.id = id;
    this.clock = clock;
    this.lasts = lasts;
  }

  async run(signal: AbortSignal): Promise<Observation> {
    this.at.push(this.clock.now());
    this.running += 1;
    this.together = Math.max(this.together, this.running);
    await this.clock.sleepUntil(this.clock.now() + this.lasts, signal);
    this.running -= 1;
    if (signal.aborted) this.aborted += 1;
    return {
      check: this.id,
      component: this.component,
      at: 0,
      verdict: 'pass',
      code: 'ok',
      detail: '',
      milliseconds: this.lasts,
      measured: {},
      failedConditions: [],
    };
  }
}

function scheduler(
  checks: readonly { check: Asked; every: number }[],
  clock: SimulatedClock,
  more: Partial<SchedulerOptions> = {},
) {
  return new Scheduler(
    checks.map(({ check, every }) => ({ check, everyMilliseconds: every })),
    { clock, random: () => 0, onObservation: () => undefined, onFailure: () => undefined, ...more },
  );
}

describe('scheduler', () => {
  test('asks at its interval, started somewhere within the first', async () => {
    const clock = new SimulatedClock(0);
    const [one, other] = [new Asked('one', clock), new Asked('other', clock)];
    const starts = [0, 0.5];
    const running = scheduler(
      [
        { check: one, every: 30_000 },
        { check: other, every: 30_000 },
      ],
      clock,
      { random: () => starts.shift() ?? 0 },
    );
    await clock.advanceTo(100_000);
    expect(one.at).toEqual([0, 30_000, 60_000, 90_000]);
    expect(other.at).toEqual([15_000, 45_000, 75_000]);
    await running.stop();
  });

  test('never two runs of one check at once; runs whose time passed meanwhile are counted as missed', async () => {
    const clock = new SimulatedClock(0);
    const slow = new Asked('slow', clock, 25_000);
    const running = scheduler([{ check: slow, every: 10_000 }], clock);
    await clock.advanceTo(59_000);
    expect(slow.at).toEqual([0, 30_000]);
    expect(slow.together).toBe(1);
    expect(running.counters('slow')).toEqual({ runs: 2, missed: 4, running: false });
    await running.stop();
  });

  test('never more at once than there are places; the others wait their turn', async () => {
    const clock = new SimulatedClock(0);
    const checks = Array.from({ length: 10 }, (_, index) => new Asked(`c${index}`, clock, 1000));
    let most = 0;
    const running = scheduler(
      checks.map((check) => ({ check, every: 60_000 })),
      clock,
      {
        atOnce: 3,
        onObservation: () => {
          most = Math.max(
            most,
            checks.reduce((sum, check) => sum + check.running, 0),
          );
        },
      },
    );
    await clock.advanceTo(500);
    expect(checks.filter((check) => check.running > 0)).toHaveLength(3);
    await clock.advanceTo(10_000);
    expect(most).toBeLessThanOrEqual(3);
    expect(checks.map((check) => check.at[0])).toEqual([0, 0, 0, 1000, 1000, 1000, 2000, 2000, 2000, 3000]);
    await running.stop();
  });

  test('stop ends what runs, tells nothing more, and leaves no sleeper', async () => {
    const clock = new SimulatedClock(0);
    const told: string[] = [];
    const check = new Asked('long', clock, 1_000_000);
    const waiting = new Asked('waiting', clock, 1000);
    const running = scheduler(
      [
        { check, every: 10_000_000 },
        { check: waiting, every: 10_000_000 },
      ],
      clock,
      {
        atOnce: 1,
        onObservation: ({ check: id }) => void told.push(id),
      },
    );
    await clock.advanceTo(5000);
    await running.stop();
    expect(check.aborted).toBe(1);
    expect(waiting.at).toEqual([]);
    expect(told).toEqual([]);
    expect(clock.sleepers).toBe(0);
  });

  test('an observation that cannot be taken stops nothing', async () => {
    const clock = new SimulatedClock(0);
    const failures: string[] = [];
    const check = new Asked('a', clock);
    const running = scheduler([{ check, every: 1000 }], clock, {
      onObservation: () => Promise.reject(new Error('full disk')),
      onFailure: (id) => void failures.push(id),
    });
    await clock.advanceTo(2500);
    expect(check.at).toEqual([0, 1000, 2000]);
    expect(failures).toEqual(['a', 'a', 'a']);
    await running.stop();
  });

  test('whatever intervals and durations: never twice at once, never before its time', async () => {
    const one = fc.record({ every: fc.integer({ min: 1, max: 50 }), lasts: fc.integer({ min: 0, max: 120 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (all, atOnce) => {
          const clock = new SimulatedClock(0);
          const checks = all.map(({ every, lasts }, index) => ({ check: new Asked(`c${index}`, clock, lasts), every }));
          const running = scheduler(checks, clock, { atOnce });
          await clock.advanceTo(300);
          for (const { check, every } of checks) {
            expect(check.together).toBeLessThanOrEqual(1);
            check.at.forEach((at, index) => {
              const before = check.at[index - 1];
              if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(Math.min(every, 1));
              if (before !== undefined && atOnce >= checks.length) expect(at % every).toBe(0);
            });
          }
          await running.stop();
          expect(clock.sleepers).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });
});
