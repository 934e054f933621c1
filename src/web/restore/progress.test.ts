import { describe, expect, it } from 'vitest';
import { restoring } from '../fixtures/restoration.ts';
import { fraction, leading } from './progress.ts';

const [recovery] = restoring.recoveries;
if (recovery === undefined) throw new Error('the fixture holds no recovery');

describe('what the restoration screen leads with', () => {
  it('is the care function that can reopen, before anything that still runs', () => {
    const ready = {
      ...recovery,
      careFunctions: recovery.careFunctions.map((one, index) => ({ ...one, ready: index === 0, releasedAt: null })),
    };
    expect(leading(ready)).toMatchObject({
      kind: 'release',
      careFunctions: [{ careFunction: recovery.careFunctions[0]?.careFunction }],
    });
  });
  it('is the person a step waits for, then the step that runs', () => {
    const still = {
      ...recovery,
      careFunctions: recovery.careFunctions.map((one) => ({ ...one, ready: false, releasedAt: null })),
    };
    expect(leading(still).kind).toBe('running');
    const [first, ...rest] = still.components;
    if (first === undefined) throw new Error('the fixture holds no component');
    const waits = {
      ...first,
      steps: first.steps.map((step) => (step.step === 'verify' ? { ...step, state: 'needsPerson' as const } : step)),
    };
    expect(leading({ ...still, components: [...rest, waits] })).toMatchObject({
      kind: 'person',
      component: { component: first.component },
    });
  });
  it('is the end, once every care function reopened', () => {
    const over = {
      ...recovery,
      careFunctions: recovery.careFunctions.map((one) => ({ ...one, ready: true, releasedAt: '2024-08-03T14:00:00Z' })),
    };
    expect(leading(over).kind).toBe('finished');
  });
});

describe('progress of a step', () => {
  const step = { step: 'fetch', state: 'running', attempt: 1, startedAt: null, seconds: null, failure: null } as const;
  it('is unknown until the step knows its total', () => {
    expect(fraction({ ...step, progress: { done: 5, total: 0, unit: 'bytes' } })).toBeNull();
    expect(fraction({ ...step, progress: { done: 5, total: 20, unit: 'bytes' } })).toBe(0.25);
  });
  it('never passes the whole', () => {
    expect(fraction({ ...step, progress: { done: 25, total: 20, unit: 'files' } })).toBe(1);
  });
});
