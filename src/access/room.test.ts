import { describe, expect, it } from 'vitest';
import { given } from '../journal/specification.ts';
import type { AccessCommand } from './decide.ts';
import { accessNoted, approvalAsked, approvalGiven, grantsChanged } from './events.ts';
import { accessRoom } from './room.ts';
import { auditLinesMax } from './state.ts';
import { approvalsView, auditView } from './views.ts';

const asked = { type: 'Release', recovery: 'recovery-1', careFunction: 'laboratory' };
const waiting = approvalAsked.of({
  approval: 'approval-1',
  act: 'function.release',
  asked,
  askedBy: 'person:anne',
  until: '2026-01-05T09:00:00.000Z',
});
const give = (by: string): AccessCommand => ({ type: 'GiveApproval', approval: 'approval-1', how: 'ownSession', by });

describe('an act two people answer for', () => {
  it('is asked by the first, once, and waits for an hour', () => {
    const ask: AccessCommand = { type: 'AskApproval', act: 'function.release', asked };
    const decided = given(accessRoom, null, []).when(ask);
    expect(decided).toMatchObject({
      value: [{ type: 'ApprovalAsked', data: { asked, askedBy: 'person:test', until: '2026-01-05T09:00:00.000Z' } }],
    });
    const mine = approvalAsked.of({ ...waiting.data, askedBy: 'person:test' });
    expect(given(accessRoom, null, [mine]).when(ask)).toEqual({ ok: true, value: [] });
  });

  it('keeps a person’s own words in its private part, and is done with them', () => {
    const explain = { type: 'ExplainFindings', component: 'db', rule: 'x', snapshot: 'night-1' };
    const ask: AccessCommand = {
      type: 'AskApproval',
      act: 'sign.explain',
      asked: explain,
      inPrivate: { reason: 'Archive de Mme Durand' },
    };
    const decided = given(accessRoom, null, []).when(ask);
    if (!decided.ok) throw new Error(decided.refusal.code);
    const [event] = decided.value;
    expect(JSON.stringify(event?.data)).not.toContain('Durand');
    expect(event?.private).toMatchObject({ data: { reason: 'Archive de Mme Durand' } });
    const room = given(accessRoom, null, decided.value);
    expect(Object.values(room.state.approvals)[0]?.asked).toEqual({ ...explain, reason: 'Archive de Mme Durand' });
    expect(room.when(ask)).toEqual({ ok: true, value: [] });
  });

  it('is agreed to by someone else, never by the one who asked', () => {
    const room = given(accessRoom, null, [waiting]);
    expect(room.when(give('person:anne'))).toMatchObject({ refusal: { code: 'approval-same-person' } });
    expect(room.when(give('person:paul'))).toMatchObject({
      value: [{ type: 'ApprovalGiven', data: { by: 'person:paul', how: 'ownSession' } }],
    });
  });

  it('is agreed to once, and not after its hour', () => {
    const agreed = approvalGiven.of({ approval: 'approval-1', by: 'person:paul', how: 'ownSession' });
    const answered = given(accessRoom, null, [waiting, agreed]);
    expect(answered.when(give('person:lea'))).toMatchObject({ refusal: { code: 'approval-not-open' } });
    const late = given(accessRoom, null, [waiting]);
    expect(late.when(give('person:paul'), '2026-01-05T09:00:00.000Z')).toMatchObject({
      refusal: { code: 'approval-not-open' },
    });
  });

  it('of weight is not agreed to by somebody the first gave rights to within the day', () => {
    const erase = approvalAsked.of({ ...waiting.data, act: 'private.erase', until: '2026-01-07T09:00:00.000Z' });
    const given1 = grantsChanged.of({ person: 'paul', grants: [], by: 'person:anne' });
    const room = given(accessRoom, null, [given1, erase]);
    expect(room.when(give('person:paul'))).toMatchObject({ refusal: { code: 'approval-own-nominee' } });
    expect(room.when(give('person:lea')).ok).toBe(true);
    expect(room.when(give('person:paul'), '2026-01-06T08:00:00.000Z').ok).toBe(true);
    // A release is not held up by it: care waits on it.
    expect(given(accessRoom, null, [given1, waiting]).when(give('person:paul')).ok).toBe(true);
  });

  it('is declined by another, or withdrawn by the one who asked', () => {
    const end: AccessCommand = { type: 'EndApproval', approval: 'approval-1', why: 'declined' };
    expect(given(accessRoom, null, [waiting]).when(end)).toMatchObject({ value: [{ data: { why: 'declined' } }] });
    const mine = approvalAsked.of({ ...waiting.data, askedBy: 'person:test' });
    expect(given(accessRoom, null, [mine]).when(end)).toMatchObject({ value: [{ data: { why: 'withdrawn' } }] });
    expect(given(accessRoom, null, []).when(end)).toMatchObject({ refusal: { code: 'approval-not-open' } });
  });

  it('that nobody answers ends by itself', () => {
    const room = given(accessRoom, null, [waiting]);
    expect(room.due('2026-01-05T08:59:59.999Z')).toEqual([]);
    const [end] = room.due('2026-01-05T09:00:00.000Z');
    expect(end).toEqual({ type: 'EndApproval', approval: 'approval-1', why: 'expired' });
    expect(approvalsView(room.state).approvals).toMatchObject([{ act: 'function.release', askedBy: 'person:anne' }]);
  });
});

it('rights are the last that were given, and the audit trail says so', () => {
  const { state } = given(accessRoom, null, [
    grantsChanged.of({ person: 'p', grants: [{ role: 'ciso', scope: 'establishment' }], by: 'person:a' }),
    grantsChanged.of({ person: 'p', grants: [], by: 'person:a' }),
    accessNoted.of({ what: 'SignedIn', person: 'p', details: { session: 's', strength: 2 } }),
  ]);
  expect(state.grants).toEqual({ p: [] });
  expect(auditView(state).lines.map(({ what, person }) => [what, person])).toEqual([
    ['SignedIn', 'p'],
    ['grantsChanged', 'p'],
    ['grantsChanged', 'p'],
  ]);
});

it('keeps as many lines at hand as it says', () => {
  const many = Array.from({ length: auditLinesMax + 5 }, (_, n) =>
    accessNoted.of({ what: 'SignedIn', details: { n } }),
  );
  const { state } = given(accessRoom, null, many);
  expect(state.audit).toHaveLength(auditLinesMax);
  expect(state.audit.at(-1)?.details).toEqual({ n: auditLinesMax + 4 });
});
