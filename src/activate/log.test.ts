import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { componentStateChanged } from '../detect/events.ts';
import { record } from '../journal/specification.ts';
import { decide } from './decide.ts';
import { crisisLogWritten, holdEnded, incidentOpened, planStepDone } from './events.ts';
import { bounded, logLineOf } from './log.ts';
import { evolve, initialActivateState } from './state.ts';
import { incidentsView, type LogLine } from './views.ts';

const opened = incidentOpened.of({ incident: 'i', cause: 'unknown', roots: [], careFunctions: [], lossSince: 'x' });
const lineOf = (event: Parameters<typeof record>[0], actor = 'ticker'): LogLine => {
  const line = logLineOf({ ...record(event, 1, '2026-01-05T08:00:00.000Z'), actor } as Parameters<typeof logLineOf>[0]);
  if (line === null) throw new Error('no line');
  return line;
};

describe('lines of the crisis log', () => {
  test('say which were made by nobody, and which are many alike', () => {
    const seen = (kind: 'check' | 'person') =>
      componentStateChanged.of({
        component: 'db',
        from: 'up',
        to: 'down',
        since: 'x',
        evidence: { kind, by: 'x', code: 'x', detail: '' },
      });
    expect(lineOf(seen('check'))).toMatchObject({ automatic: true, routine: true });
    expect(lineOf(seen('person'))).toMatchObject({ automatic: false, routine: true });
    expect(lineOf(opened)).toMatchObject({ automatic: true, routine: false });
    const step = planStepDone.of({ incident: 'i', plan: 'p', step: 's', outcome: 'done' });
    expect(lineOf(step)).toMatchObject({ automatic: true, routine: true });
    expect(lineOf(step, 'person:a')).toMatchObject({ automatic: false, routine: false });
    const ended = (reason: 'expired' | 'givenUp') => holdEnded.of({ careFunction: 'c', ward: 'w', reason });
    expect(lineOf(ended('expired'))).toMatchObject({ automatic: true, routine: true });
    expect(lineOf(ended('givenUp'))).toMatchObject({ automatic: false, routine: false });
    expect(lineOf(crisisLogWritten.of({ incident: 'i', kind: 'fact' }), 'person:a')).toMatchObject({
      automatic: false,
      routine: false,
    });
  });

  test('keep each language a story wrote them in; what a person typed stays as typed', () => {
    const write = (text: string | { fr: string; en?: string }) => {
      const state = evolve(initialActivateState, record(opened, 1, '2026-01-05T08:00:00.000Z'));
      const decided = decide(
        state,
        { type: 'WriteLog', incident: 'i', kind: 'fact', text },
        { now: 0, actor: 'exercise', newId: (kind) => kind, shared: { document: null } },
      );
      if (!decided.ok) throw new Error(decided.refusal.code);
      const after = decided.value.reduce(
        (folded, event) => evolve(folded, record(event, 2, '2026-01-05T08:01:00.000Z')),
        state,
      );
      return incidentsView(after).incidents[0]?.log.at(-1)?.text;
    };
    expect(write({ fr: 'Plan blanc.', en: 'White plan.' })).toEqual({ fr: 'Plan blanc.', en: 'White plan.' });
    expect(write({ fr: 'Plan blanc.' })).toEqual({ fr: 'Plan blanc.' });
    expect(write(' Plan blanc. ')).toBe('Plan blanc.');
  });
});

describe('a log past its bound', () => {
  const line = (sequence: number, routine: boolean): LogLine => ({
    ...lineOf(opened),
    sequence,
    routine,
  });
  test('leaves the oldest routine lines out first, and says where and how many', () => {
    const log = [line(1, false), line(2, true), line(3, true), line(4, false), line(5, true), line(6, false)];
    expect(bounded(log, 4).map(({ sequence, leftOut }) => [sequence, leftOut])).toEqual([
      [1, undefined],
      [4, 2],
      [5, undefined],
      [6, undefined],
    ]);
    expect(bounded(bounded(log, 4), 3).map(({ sequence, leftOut }) => [sequence, leftOut])).toEqual([
      [1, undefined],
      [4, 2],
      [6, 1],
    ]);
  });
  test('keeps every line that is not routine while there is room for them, and counts every line it leaves out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 60 }),
        (kinds, most) => {
          const log = kinds.map((routine, index) => line(index, routine));
          const last = log.at(-1);
          const kept = bounded(log, most);
          expect(kept.length).toBe(Math.min(most, log.length));
          const people = log.filter(({ routine }) => !routine).length;
          expect(kept.filter(({ routine }) => !routine)).toHaveLength(Math.min(people, most));
          if (last !== undefined && kept.at(-1)?.sequence === last.sequence) {
            const leftOut = kept.reduce((sum, one) => sum + (one.leftOut ?? 0), 0);
            expect(leftOut).toBe(log.length - kept.length);
          }
        },
      ),
    );
  });
});
