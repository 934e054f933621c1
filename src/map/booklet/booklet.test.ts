import { describe, expect, it } from 'vitest';
import { smallMap } from '../fixture.ts';
import type { HospitalMap } from '../model.ts';
import { bookletOf } from './booklet.ts';

const yes = { by: 'A. Martin', on: '2026-03-01' };
const small = smallMap(
  { app: { all: [{ need: 'h:server' }, { need: 'ups', confirmed: yes }] }, server: 'ups', ups: null, other: null },
  {
    care: {
      needs: { any: [{ need: 'app', graceSeconds: 600 }, { need: 'care-2' }] },
      degradedMode: { name: { fr: 'Papier' }, holdSeconds: 0, runsOutFirst: 'forms', steps: [] },
      toConfirm: ['degradedMode'],
    },
    'care-2': { needs: { need: 'other', confirmed: yes }, call: { who: 'Garde', phone: '01' } },
  },
);
const map: HospitalMap = {
  ...small,
  components: small.components.map((one) =>
    one.id === 'server'
      ? { ...one, supplier: 'h:maker', team: 'it' }
      : one.id === 'other'
        ? { ...one, supplier: 'far' }
        : one,
  ),
  suppliers: [
    { id: 'maker', name: 'Maker', phoneAtNight: '02' },
    { id: 'far', name: 'Far' },
  ],
  contracts: [{ id: 'c', name: { fr: 'Serveurs' }, supplier: 'h:maker', covers: [], clauses: [] }],
  teams: [{ id: 'it', name: { fr: 'Informatique' } }],
};
const names = (things: readonly { id: string }[]) => things.map(({ id }) => id);

describe('the crisis booklet', () => {
  const booklet = bookletOf(map);
  const [first, second] = booklet.functions;

  it('holds a page for each care function, in clinical order, with all it rests on', () => {
    expect(names(booklet.functions.map(({ care }) => care))).toEqual(['care', 'care-2']);
    expect(first?.needs.map(({ thing, graceSeconds, isConfirmed }) => [thing.id, graceSeconds, isConfirmed])).toEqual([
      ['app', 600, false],
      ['care-2', null, false],
    ]);
    expect(names(first?.deeper ?? [])).toEqual(['server', 'ups', 'other']);
    expect(names(first?.wards ?? [])).toEqual(['ward-1']);
    expect(second?.needs.map(({ isConfirmed }) => isConfirmed)).toEqual([true]);
  });

  it('says whom to call for what a function rests on, and what each supplier owes', () => {
    expect(names(first?.suppliers ?? [])).toEqual(['maker', 'far']);
    expect(names(first?.teams ?? [])).toEqual(['it']);
    expect(booklet.suppliers.map(({ contracts, covers }) => [names(contracts), covers])).toEqual([
      [['c'], [{ fr: 'server' }]],
      [[], [{ fr: 'other' }]],
    ]);
  });

  it('never takes a proposal, or nothing said, for a duration', () => {
    expect(first?.isHoldSaid).toBe(false);
    expect(second?.isHoldSaid).toBe(false);
    expect(booklet.toConfirm).toEqual({ functions: 1, links: 4, withoutHold: 2, withoutCall: 1 });
  });
});
