import { describe, expect, test } from 'vitest';
import type { Json, NewEvent } from '../../journal/event.ts';
import { given } from '../../journal/specification.ts';
import { compile } from '../../map/compile.ts';
import { EXPLAINED_FINDINGS_MAX } from '../cleanPoint/explained.ts';
import type { RestoreCommand } from '../decide.ts';
import { exampleMap } from '../example.ts';
import { restoreRoom } from '../room.ts';
import { isAllExplained, type JudgedAll, newlyDirty } from './decide.ts';
import { type JudgedNight, signExplained } from './events.ts';
import { explainedOf } from './state.ts';
import { backupsView } from './views.ts';

const shared = { document: exampleMap };
const rule = 'webshell';
const sign = (more: Partial<JudgedNight['signs'][number]> = {}) => ({ rule, findings: 1, explained: false, ...more });
const night = (snapshot: string, ...signs: JudgedNight['signs']): JudgedNight => ({
  ...{ snapshot, time: `2026-01-0${snapshot.slice(-1)}T02:00:00.000Z`, signs, files: 3, bytes: 3, change: null },
  ...{ verdict: signs.every(({ explained }) => explained) ? 'clean' : 'dirty', notExamined: 0 },
});
const all = (...nights: JudgedNight[]): JudgedAll => ({
  ...{ component: 'db', source: 'nights-db', nights, lastClean: null, beforeFirstSign: null, lost: null },
  ...{ rulesOf: null, ruleFiles: 1, confinement: 'limits', scanned: 1, known: 0, seconds: 1 },
});
const mark = (of: string) => of.repeat(64);
const explain = (more: object = {}): RestoreCommand => ({
  ...{ type: 'ExplainFindings', component: 'db', rule, snapshot: 'night-2', reach: 'content' as const },
  ...{ marks: [mark('a')], seen: mark('0'), findings: 1, reason: 'Outil de Mme Durand' },
  ...more,
});
const withdraw: RestoreCommand = { type: 'WithdrawExplanation', component: 'db', rule, reason: 'Ce n’en est pas un' };
const dirty = all(night('night-1'), night('night-2', sign()));

function having(...commands: RestoreCommand[]) {
  const means: RestoreCommand = {
    type: 'SeeMeans',
    means: [{ component: 'db', source: 'nights-db', digest: 'sha256:db' }],
  };
  const before: RestoreCommand[] = [means, { type: 'RecordNights', ...dirty }];
  const history: NewEvent[] = [];
  for (const command of [...before, ...commands]) {
    const decided = given(restoreRoom, shared, history).when(command);
    if (!decided.ok) throw new Error(decided.refusal.code);
    history.push(...decided.value);
  }
  return { history, ...given(restoreRoom, shared, history) };
}

describe('an explanation', () => {
  test('keeps marks and whose they are, never a word or a name, and has the nights looked through again', () => {
    const { history, state } = having(explain());
    const said = history.find(({ type }) => type === 'SignExplained');
    expect(said?.data).toEqual({
      component: 'db',
      rule,
      covers: { reach: 'content', snapshot: 'night-2', marks: [mark('a')] },
    });
    expect(said?.private?.data).toEqual({ reason: 'Outil de Mme Durand' });
    expect(history.at(-1)).toMatchObject({ type: 'JudgingAsked', data: { components: ['db'], because: 'explained' } });
    expect(explainedOf(state.nights, 'db')).toEqual([{ component: 'db', rule, reach: 'content', marks: [mark('a')] }]);
    // A screen is told how many, never which.
    const [shown] = backupsView(state, compile(exampleMap), 0, new Map()).components.filter(
      ({ component }) => component === 'db',
    );
    expect(shown?.explained[rule]).toMatchObject([{ reach: 'content', snapshot: 'night-2', findings: 1 }]);
    expect(JSON.stringify(shown)).not.toContain(mark('a'));
  });

  test('adds to what was explained before; the same again says nothing new', () => {
    const more = explain({ reach: 'place', marks: [mark('b')] });
    const { state, when } = having(explain(), more);
    expect(explainedOf(state.nights, 'db').map(({ reach }) => reach)).toEqual(['content', 'place']);
    expect(when(more)).toEqual({ ok: true, value: [] });
    expect(when(explain({ snapshot: 'night-1' }))).toMatchObject({ refusal: { code: 'sign-unknown' } });
    expect(when(explain({ rule: 'other' }))).toMatchObject({ refusal: { code: 'sign-unknown' } });
    const often = Array.from({ length: 50 }, (_, n) => explain({ marks: [String(n).padStart(64, '0')] }));
    expect(having(...often).when(explain())).toMatchObject({ refusal: { code: 'too-many-explanations' } });
  });

  test('is taken back by one person, all of it', () => {
    const { state, when, history } = having(explain(), explain({ marks: [mark('b')] }), withdraw);
    expect(explainedOf(state.nights, 'db')).toEqual([]);
    expect(history.at(-1)).toMatchObject({ type: 'JudgingAsked' });
    expect(when(withdraw)).toEqual({ ok: true, value: [] });
  });

  test('journalled before it was bound to anything is read as what it was: the whole rule', () => {
    const [upcast] = signExplained.upcasters;
    const old = (explained: boolean) => upcast?.({ component: 'db', rule, explained } as Json);
    expect(signExplained.schema.parse(old(true))).toEqual({ component: 'db', rule, covers: { reach: 'rule' } });
    expect(signExplained.schema.parse(old(false))).toEqual({ component: 'db', rule, covers: null });
    const { history } = having();
    const explained = signExplained.of(signExplained.schema.parse(old(true)));
    const { state, when } = given(restoreRoom, shared, [...history, explained]);
    expect(explainedOf(state.nights, 'db')).toEqual([{ component: 'db', rule, reach: 'rule' }]);
    const db = backupsView(state, compile(exampleMap), 0, new Map()).components.find((one) => one.component === 'db');
    expect(db?.explained[rule]).toMatchObject([{ reach: 'rule', snapshot: null, findings: null }]);
    // It explains these findings already; taken back, they are a sign again.
    expect(when(explain())).toEqual({ ok: true, value: [] });
    const back = given(restoreRoom, shared, [
      ...history,
      explained,
      signExplained.of(signExplained.schema.parse(old(false))),
    ]);
    expect(explainedOf(back.state.nights, 'db')).toEqual([]);
  });

  test('is bound to so many findings at most, and to nothing but marks', () => {
    const covers = (marks: string[]) =>
      signExplained.schema.safeParse({ component: 'db', rule, covers: { reach: 'place', snapshot: 'n', marks } })
        .success;
    const marks = Array.from({ length: EXPLAINED_FINDINGS_MAX }, (_, n) => String(n).padStart(64, '0'));
    expect(covers(marks)).toBe(true);
    expect(covers([...marks, mark('f')])).toBe(false);
    expect(covers([])).toBe(false);
    expect(covers(['/srv/tool.exe'])).toBe(false);
  });
});

describe('a rule that was explained', () => {
  const explained = night('night-2', sign({ explained: true }));
  const shell = night('night-3', sign({ findings: 2, explainedFindings: 1 }));

  test('is an alarm’s matter again where the next night shows it in something else', () => {
    const { state } = having(explain(), { type: 'RecordNights', ...all(night('night-1'), explained) });
    expect(newlyDirty(state.nights, all(night('night-1'), explained, shell))).toEqual({
      rules: [rule],
      since: shell.time,
    });
    // A night that went on showing it without anybody explaining it is nothing new.
    expect(newlyDirty(having().state.nights, all(night('night-1'), night('night-2', sign()), shell))).toBeNull();
  });

  test('leaves its alarm without object only once every night’s signs are explained', () => {
    expect(isAllExplained(all(night('night-1'), explained))).toBe(true);
    expect(isAllExplained(all(explained, shell))).toBe(false);
    expect(isAllExplained(all(night('night-1')))).toBe(false);
  });
});
