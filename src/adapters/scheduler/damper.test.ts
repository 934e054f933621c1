import { describe, expect, test } from 'vitest';
import type { DampingRule } from '../../detect/damping.ts';
import type { DetectCommand } from '../../detect/decide.ts';
import type { Finding, Verdict } from '../../detect/observation.ts';
import { Damper, type Known } from './damper.ts';
import { SimulatedClock } from './simulatedClock.ts';

const codes = { pass: 'ok', warn: 'slow', fail: 'tcp-refused', noAnswer: 'secret-missing' } as const;

/** A journal that obeys: what is submitted is what it then knows. */
class Journal {
  readonly known = new Map<string, Known>();
  readonly submitted: DetectCommand[] = [];
  refusing = false;

  of = (component: string): Known => this.known.get(component) ?? { state: 'unknown', unconfirmed: false };

  submit = async (command: DetectCommand): Promise<{ ok: boolean }> => {
    if (this.refusing) return { ok: false };
    this.submitted.push(command);
    if (command.type === 'ChangeComponentState')
      this.known.set(command.component, { state: command.to, unconfirmed: false });
    return { ok: true };
  };

  said = (): string[] =>
    this.submitted.map((command) =>
      command.type === 'ChangeComponentState'
        ? `${command.component} ${command.to} ${command.evidence.code}`
        : command.type,
    );
}

const rule = (id: string, component: string, more: Partial<DampingRule> = {}): DampingRule => ({
  ...{
    id,
    component,
    everyMilliseconds: 10_000,
    flap: { downAfter: 2, upAfter: 2 },
    worst: 'down',
    evidence: 'check',
    ...more,
  },
});

class Watched {
  readonly clock = new SimulatedClock(1_000_000);
  readonly journal = new Journal();
  readonly damper: Damper;
  constructor(rules: readonly DampingRule[], known: { [component: string]: Known } = {}) {
    for (const [component, one] of Object.entries(known)) this.journal.known.set(component, one);
    this.damper = new Damper({ rules, clock: this.clock, known: this.journal.of, submit: this.journal.submit });
  }

  async see(check: string, verdict: Verdict, more: Partial<Finding> = {}): Promise<void> {
    await this.clock.advanceTo(this.clock.now() + 10_000);
    const finding = { verdict, code: codes[verdict], detail: '', measured: {}, failedConditions: [], ...more };
    await this.damper.observe({ check, component: '', at: this.clock.now(), milliseconds: 1, ...finding });
  }
}

describe('damper', () => {
  test('submits changes only, dated from the first observation that showed them', async () => {
    const watched = new Watched([rule('a', 'ehr')]);
    for (const verdict of ['pass', 'pass', 'fail', 'pass', 'fail', 'fail', 'fail'] as const)
      await watched.see('a', verdict);
    expect(watched.journal.said()).toEqual(['ehr up ok', 'ehr down tcp-refused']);
    expect(watched.journal.submitted[1]).toMatchObject({ since: new Date(1_050_000).toISOString() });
  });

  test('several checks of one component: the worst counts, and all must have spoken before it is up', async () => {
    const watched = new Watched([
      rule('a', 'ehr', { everyMilliseconds: 60_000 }),
      rule('b', 'ehr', { everyMilliseconds: 60_000 }),
    ]);
    await watched.see('a', 'pass');
    expect(watched.journal.said()).toEqual([]);
    await watched.see('b', 'warn');
    await watched.see('a', 'pass');
    await watched.see('b', 'pass');
    await watched.see('b', 'pass');
    expect(watched.journal.said()).toEqual(['ehr degraded slow', 'ehr up ok']);
  });

  test('after a restart it goes on from what the journal knows', async () => {
    const watched = new Watched([rule('a', 'ehr'), rule('b', 'lab')], {
      ehr: { state: 'down', unconfirmed: false },
      lab: { state: 'up', unconfirmed: false },
    });
    await watched.see('a', 'fail');
    await watched.see('b', 'fail');
    expect(watched.journal.said()).toEqual([]);
    await watched.see('a', 'pass');
    await watched.see('a', 'pass');
    expect(watched.journal.said()).toEqual(['ehr up ok']);
  });

  test('silence makes it unknown after three intervals, once', async () => {
    const watched = new Watched([rule('a', 'ehr')]);
    await watched.see('a', 'pass');
    const stop = new AbortController();
    const listening = watched.damper.listenForSilence(stop.signal);
    await watched.clock.advanceTo(watched.clock.now() + 30_000);
    expect(watched.journal.said()).toEqual(['ehr up ok']);
    await watched.clock.advanceTo(watched.clock.now() + 60_000);
    expect(watched.journal.said()).toEqual(['ehr up ok', 'ehr unknown no-observation']);
    stop.abort();
    await listening;
    expect(watched.clock.sleepers).toBe(0);
  });

  test('a submission that was refused is made again', async () => {
    const watched = new Watched([rule('a', 'ehr')]);
    watched.journal.refusing = true;
    await watched.see('a', 'pass');
    watched.journal.refusing = false;
    await watched.see('a', 'pass');
    expect(watched.journal.said()).toEqual(['ehr up ok']);
  });

  test('a sign of ransomware is told at once, before the state', async () => {
    const watched = new Watched([
      rule('canary', 'files', { worst: 'degraded', evidence: 'canary', flap: { downAfter: 1, upAfter: 1 } }),
    ]);
    await watched.see('canary', 'pass');
    await watched.see('canary', 'fail', { sign: 'canaryAltered', code: 'canary-altered' });
    expect(watched.journal.said()).toEqual(['files up ok', 'ReportRansomwareSign', 'files degraded canary-altered']);
  });

  test('what is being restored or isolated is left alone; what was restored elsewhere can only be confirmed', async () => {
    for (const state of ['restoring', 'isolated'] as const) {
      const held = new Watched([rule('a', 'ehr')], { ehr: { state, unconfirmed: false } });
      for (const verdict of ['fail', 'fail', 'pass', 'pass'] as const) await held.see('a', verdict);
      expect(held.journal.said()).toEqual([]);
    }
    const restored = new Watched([rule('a', 'ehr')], { ehr: { state: 'up', unconfirmed: true } });
    for (const verdict of ['fail', 'fail', 'fail'] as const) await restored.see('a', verdict);
    expect(restored.journal.said()).toEqual([]);
    for (const verdict of ['pass', 'pass', 'fail', 'fail'] as const) await restored.see('a', verdict);
    expect(restored.journal.said()).toEqual(['ehr up ok', 'ehr down tcp-refused']);
  });
});
