import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../journal/event.ts';
import { record } from '../journal/specification.ts';
import { recoveryPlanned, recoveryStepDone, recoveryStepFailed, recoveryStepStarted } from './events.ts';
import { measuredRestorations } from './measured.ts';
import { evolve, initialRestoreState } from './state.ts';

const planned = (recovery: string) =>
  recoveryPlanned.of({
    recovery,
    incident: 'incident-1',
    lossSince: '2026-01-05T07:00:00.000Z',
    careFunctions: [],
    components: [
      {
        component: 'db',
        rank: 0,
        after: [],
        source: 'nights',
        driver: 'postgresql',
        probes: [],
        expectedSeconds: null,
        careFunctions: [],
      },
    ],
    leftOut: [],
  });
type Step = 'choose' | 'fetch' | 'start' | 'verify';
const started = (recovery: string, step: Step) =>
  recoveryStepStarted.of({ recovery, component: 'db', step, attempt: 1 });
const done = (recovery: string, step: Step, seconds: number) =>
  recoveryStepDone.of({ recovery, component: 'db', step, attempt: 1, seconds });

/** Events an hour apart. */
const measuredAfter = (...events: NewEvent[]) =>
  measuredRestorations(
    events
      .map((event, hour) => record(event, hour + 1, new Date(Date.UTC(2026, 0, 5, hour)).toISOString()))
      .reduce(evolve, initialRestoreState),
  );

describe('measured restorations', () => {
  const whole = (recovery: string, seconds: number) => [
    planned(recovery),
    started(recovery, 'fetch'),
    done(recovery, 'fetch', seconds),
    started(recovery, 'verify'),
    done(recovery, 'verify', 30),
  ];

  it('add up the steps of a component that was verified, dated from the end of its verification', () => {
    expect(measuredAfter(...whole('recovery-1', 600))).toEqual({
      db: { seconds: 630, at: '2026-01-05T03:00:30.000Z', proof: false },
    });
  });

  it('keep the last one that was verified, whatever failed since', () => {
    const failed = recoveryStepFailed.of({
      recovery: 'recovery-3',
      component: 'db',
      step: 'verify',
      attempt: 1,
      code: 'facts-disagree',
      detail: '',
      retryable: false,
    });
    const again = [planned('recovery-3'), started('recovery-3', 'verify'), failed];
    expect(measuredAfter(...whole('recovery-1', 600), ...whole('recovery-2', 60), ...again)).toEqual({
      db: { seconds: 90, at: '2026-01-05T08:00:30.000Z', proof: false },
    });
  });

  it('say nothing of what was not verified', () => {
    expect(
      measuredAfter(planned('recovery-1'), started('recovery-1', 'fetch'), done('recovery-1', 'fetch', 9)),
    ).toEqual({});
  });
});
