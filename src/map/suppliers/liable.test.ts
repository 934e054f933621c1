import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { noFacts, withTransition } from '../facts.ts';
import { smallMap } from '../fixture.ts';
import type { Component, Contract, HospitalMap } from '../model.ts';
import { liable } from './liable.ts';
import { liabilityOf, suppliersView } from './register.ts';

const MINUTE = 60_000;
const lostAt = Date.parse('2024-08-03T11:00:00.000Z');
const today = '2024-08-03';

const contract = (id: string, supplier: string, more: Partial<Contract> = {}): Contract => ({
  id,
  name: { fr: id },
  supplier,
  covers: [],
  clauses: [],
  ...more,
});

function hospital(contracts: Contract[] = []): HospitalMap {
  const map = smallMap(
    { ehr: 'host', lab: 'host', host: null },
    { prescription: { needs: { need: 'ehr' } }, results: { needs: { need: 'lab' }, tier: 2 } },
  );
  const more: { [id: string]: Partial<Component> } = {
    ehr: { supplier: 'editor', team: 'applications' },
    host: { supplier: 'hosting' },
  };
  return {
    ...map,
    components: map.components.map((one) => ({ ...one, ...more[one.id] })),
    suppliers: [
      { id: 'editor', name: 'Editor', mustAnswerWithinSeconds: 3600, reliesOn: ['hosting'] },
      {
        id: 'hosting',
        name: 'Hosting',
        mustAnswerWithinSeconds: 900,
        mustRepairWithinSeconds: 14_400,
        reliesOn: ['power'],
      },
      { id: 'power', name: 'Power', reliesOn: ['editor'] },
    ],
    teams: [{ id: 'applications', name: { fr: 'Applications' }, onCall: '01 99 00 00 01' }],
    contracts,
  };
}

function ofEhr(map: HospitalMap, afterMinutes: number) {
  const compiled = compile(map);
  const component = compiled.components.get('ehr');
  if (component === undefined) throw new Error('no ehr');
  return liable(compiled, component, { since: lostAt, now: lostAt + afterMinutes * MINUTE, today });
}

describe('who answers for a component', () => {
  it('goes from its supplier to those it relies on, with the clock counted from the loss', () => {
    expect(ofEhr(hospital(), 20)).toEqual({
      component: 'ehr',
      team: 'applications',
      parties: [
        {
          supplier: 'editor',
          through: null,
          backTo: [],
          contracts: [],
          answer: { withinSeconds: 3600, at: '2024-08-03T12:00:00.000Z', late: false, contract: null },
          repair: null,
        },
        {
          supplier: 'hosting',
          through: 'editor',
          backTo: [],
          contracts: [],
          answer: { withinSeconds: 900, at: '2024-08-03T11:15:00.000Z', late: true, contract: null },
          repair: { withinSeconds: 14_400, at: '2024-08-03T15:00:00.000Z', late: false, contract: null },
        },
        // It relies on the editor, which stands above it: the ring is said, and goes no further.
        { supplier: 'power', through: 'hosting', backTo: ['editor'], contracts: [], answer: null, repair: null },
      ],
    });
  });

  it('holds them to the contract in force, the strictest where there are two, and not to one that has ended', () => {
    const contracts = [
      contract('gold', 'editor', { mustAnswerWithinSeconds: 1800, mustRepairWithinSeconds: 7200 }),
      contract('silver', 'editor', { mustAnswerWithinSeconds: 1200 }),
      contract('old', 'editor', { mustAnswerWithinSeconds: 60, until: '2024-08-02' }),
      contract('next', 'editor', { mustAnswerWithinSeconds: 60, from: '2024-08-04' }),
    ];
    const [editor] = ofEhr(hospital(contracts), 0).parties;
    expect(editor).toMatchObject({
      answer: { withinSeconds: 1200, contract: 'silver' },
      repair: { withinSeconds: 7200, contract: 'gold' },
      contracts: [
        { contract: 'gold', standing: 'inForce' },
        { contract: 'silver', standing: 'inForce' },
        { contract: 'old', standing: 'ended' },
        { contract: 'next', standing: 'notYet' },
      ],
    });
  });

  it('adds whoever signed a contract that names it, and leaves out a contract over other things', () => {
    const contracts = [contract('care', 'power', { covers: ['ehr'] }), contract('lab', 'editor', { covers: ['lab'] })];
    const { parties } = ofEhr(hospital(contracts), 0);
    expect(parties.map(({ supplier, through }) => [supplier, through])).toEqual([
      ['editor', null],
      ['power', null],
      ['hosting', 'editor'],
    ]);
    expect(parties[0]?.contracts).toEqual([]);
  });

  it('is late from the first instant past what is due, not at it', () => {
    const late = (afterMinutes: number) => ofEhr(hospital(), afterMinutes).parties[0]?.answer?.late;
    expect([late(60), late(60.001)]).toEqual([false, true]);
  });
});

describe('the register', () => {
  const out = (...components: string[]) =>
    components.reduce(
      (facts, component, i) =>
        withTransition(facts, {
          component,
          at: new Date(lostAt + i * MINUTE).toISOString(),
          to: 'down',
          code: 'tcp-refused',
        }),
      noFacts,
    );

  it('leads with what failed by itself, then what fell with it, each with the care it carries', () => {
    const view = suppliersView(compile(hospital()), { facts: out('ehr', 'host'), now: lostAt + 30 * MINUTE, today });
    expect(view.failing).toMatchObject([
      {
        id: 'host',
        isRoot: true,
        since: '2024-08-03T11:01:00.000Z',
        careFunctions: [{ id: 'prescription' }, { id: 'results' }],
      },
      { id: 'ehr', isRoot: false, careFunctions: [{ id: 'prescription', tier: 1 }], careFunctionsCount: 1 },
    ]);
    expect(view.failing[0]?.liability.parties.map(({ supplier }) => supplier)).toEqual(['hosting', 'power', 'editor']);
  });

  it('says of each supplier what hangs on it, who relies on it, and which contracts end', () => {
    const contracts = [
      contract('a', 'hosting', { until: '2024-08-03' }),
      contract('b', 'hosting', { until: '2024-07-24', covers: ['lab'] }),
      contract('c', 'hosting', { until: 'soon' }),
    ];
    const { suppliers, teams, failing } = suppliersView(compile(hospital(contracts)), {
      facts: noFacts,
      now: lostAt,
      today,
    });
    expect(failing).toEqual([]);
    expect(suppliers[1]).toMatchObject({
      id: 'hosting',
      reliedOnBy: ['editor'],
      components: [{ id: 'host' }, { id: 'lab' }],
      componentsCount: 2,
      careFunctions: [
        { id: 'prescription', tier: 1 },
        { id: 'results', tier: 2 },
      ],
      contracts: [
        { id: 'a', standing: 'inForce', endsInDays: 0, endsSoon: true },
        { id: 'b', standing: 'ended', endsInDays: -10, endsSoon: false, covers: [{ id: 'lab' }] },
        { id: 'c', endsInDays: null, endsSoon: false },
      ],
    });
    expect(teams).toMatchObject([{ id: 'applications', componentsCount: 1 }]);
  });

  it('starts no clock for what is not out, nor for what is merely unknown', () => {
    const map = compile(hospital());
    const ehr = map.components.get('ehr');
    if (ehr === undefined) throw new Error('no ehr');
    const unknown = withTransition(noFacts, {
      component: 'ehr',
      at: new Date(lostAt).toISOString(),
      to: 'unknown',
      code: '',
    });
    const asked = { now: lostAt + 5 * MINUTE, today };
    expect(liabilityOf(map, ehr, { ...asked, facts: unknown }).parties[0]).toMatchObject({
      answer: null,
      repair: null,
    });
    expect(liabilityOf(map, ehr, { ...asked, facts: out('ehr') }).parties[0]?.answer?.at).toBe(
      '2024-08-03T12:00:00.000Z',
    );
  });
});
