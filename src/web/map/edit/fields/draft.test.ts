import { expect, it } from 'vitest';
import { idsAt, read, rewritten, secondsAt, textAt, withoutMark, written } from './draft.ts';

it('a field is read and written by its path; what is left empty goes, with the part that held it', () => {
  const draft = { name: { fr: 'Labo' }, wards: ['a', 'b'], degradedMode: { holdSeconds: 60 } };
  expect([textAt(draft, 'name.fr'), textAt(draft, 'name.en'), secondsAt(draft, 'degradedMode.holdSeconds')]).toEqual([
    'Labo',
    '',
    60,
  ]);
  expect(idsAt(draft, 'wards')).toEqual(['a', 'b']);
  expect(read(draft, 'wards.length')).toBeUndefined();
  expect(written(draft, 'call.who', 'Garde')).toEqual({ ...draft, call: { who: 'Garde' } });
  expect(written(draft, 'degradedMode.holdSeconds', undefined)).toEqual({ name: draft.name, wards: draft.wards });
  expect(written(draft, 'name.fr', '')).not.toHaveProperty('name');
  expect(Object.keys(written(draft, 'name.fr', 'Laboratoire'))).toEqual(['name', 'wards', 'degradedMode']);
  expect(draft.name.fr).toBe('Labo');
});

it('a proposal written or confirmed is marked no more; the others stay so', () => {
  const draft = { tier: 1, toConfirm: ['degradedMode.steps', 'tier', 'wards'] };
  expect(withoutMark(draft, 'tier')).toEqual({ tier: 1, toConfirm: ['degradedMode.steps', 'wards'] });
  expect(withoutMark(draft, 'degradedMode')).toEqual({ tier: 1, toConfirm: ['tier', 'wards'] });
  expect(withoutMark({ toConfirm: ['tier'] }, 'tier')).toEqual({});
  expect(withoutMark(draft, 'name.fr')).toBe(draft);
});

it('what was signed or proved is so no more once it says something else', () => {
  const draft = {
    tier: 1,
    signedBy: 'CME',
    signedOn: '2026-01-01',
    degradedMode: { holdSeconds: 60, provedOn: '2026-02-02' },
  };
  expect(rewritten(draft, 'tier', 2)).toEqual({ tier: 2, degradedMode: draft.degradedMode });
  expect(rewritten(draft, 'degradedMode.holdSeconds', 120)).toEqual({ ...draft, degradedMode: { holdSeconds: 120 } });
  expect(rewritten(draft, 'call.who', 'Garde')).toMatchObject({ signedBy: 'CME' });
});
