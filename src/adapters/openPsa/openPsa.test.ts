import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analysed } from '../../map/weakPoints/engine/analyse.ts';
import { probabilityOf } from '../../map/weakPoints/engine/probability.ts';
import { readReference } from './fixtures/reference.ts';
import { openPsaLimits } from './limits.ts';
import { readOpenPsa } from './openPsa.ts';

const read = (text: string) => readOpenPsa(new TextEncoder().encode(text), 'tree.xml');
const tree = (gates: string, data = ''): string =>
  `<opsa-mef><define-fault-tree name="t">${gates}</define-fault-tree><model-data>${data}</model-data></opsa-mef>`;
const gate = (name: string, formula: string): string => `<define-gate name="${name}">${formula}</define-gate>`;
const refusalOf = (text: string) => {
  const result = read(text);
  return result.ok ? undefined : result.refusal;
};

/** Sizes of the minimal sets of the only top. */
function counted(text: string): number[] {
  const result = read(text);
  if (!result.ok) throw new Error(result.refusal.message);
  const [top] = result.value.tops;
  return analysed(result.value.graph, top?.root ?? 0, 10, { nodesLeft: 100_000 }).counts.map(Number);
}

describe('Open-PSA fault trees', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => `<event name="${name}"/>`);
  it.each([
    [`<and>${a}${b}</and>`, [0, 0, 1]],
    [`<or>${a}<gate name="g"/></or>`, [0, 1, 1]],
    [`<atleast min="2">${a}${b}${c}</atleast>`, [0, 0, 3]],
    [`<atleast min="4">${a}${b}${c}</atleast>`, []],
    [`<cardinality min="2" max="2">${a}${b}${c}</cardinality>`, [0, 0, 3]],
    [`<xor>${a}${b}</xor>`, [0, 2]],
    [`<iff>${a}${b}</iff>`, [1]],
    [`<imply>${a}${b}</imply>`, [1]],
    [`<nand>${a}${b}</nand>`, [1]],
    [`<nor>${a}<not>${b}</not></nor>`, [0, 1]],
    [`<and>${a}<constant value="true"/><house-event name="h"/></and>`, [0, 1]],
  ])('%s', (formula, expected) => {
    const gates = gate('top', formula) + gate('g', `<and>${b}${c}</and>`).repeat(formula.includes('"g"') ? 1 : 0);
    expect(counted(tree(gates, '<define-house-event name="h"><constant value="true"/></define-house-event>'))).toEqual(
      expected,
    );
  });

  it('evaluates what gives an event its probability, and knows when it cannot', () => {
    const data = `<define-parameter name="p"><float value="0.5"/></define-parameter>
      <define-basic-event name="a"><label>A</label><mul><parameter name="p"/><float value="0.5"/></mul></define-basic-event>
      <define-basic-event name="b"><GLM><float value="0.1"/></GLM></define-basic-event>
      <define-basic-event name="d"><parameter name="q"/></define-basic-event>
      <define-parameter name="q"><parameter name="q"/></define-parameter>`;
    const result = read(
      tree(gate('top', '<or><event name="a"/><event name="b"/><event name="c"/><event name="d"/></or>'), data),
    );
    expect(result.ok && result.value.events).toEqual([
      { id: 'a', probability: 0.25 },
      { id: 'b', probability: null },
      { id: 'c', probability: null },
      { id: 'd', probability: null },
    ]);
  });

  it('gives every gate no other uses as a top', () => {
    const result = read(tree(gate('x', a ?? '') + gate('y', '<or><gate name="z"/></or>') + gate('z', b ?? '')));
    expect(result.ok && result.value.tops.map(({ id }) => id)).toEqual(['x', 'y']);
  });

  it('reads a chain of gates as long as a file likes', () => {
    const many = 20_000;
    const chain = Array.from({ length: many }, (_, at) =>
      gate(`g${at}`, `<or><gate name="g${at + 1}"/><event name="e${at % 3}"/></or>`),
    );
    expect(counted(tree(chain.join('') + gate(`g${many}`, '<event name="z"/>')))).toEqual([0, 4]);
  });

  it.each([
    [
      'an entity bomb',
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opsa-mef>&b;</opsa-mef>',
      'openpsa-unreadable',
    ],
    ['an entity nobody defined', '<opsa-mef>&lol;</opsa-mef>', 'openpsa-unreadable'],
    ['what is cut', '<opsa-mef><define-fault-tree name="t">', 'openpsa-unreadable'],
    ['no XML at all', 'gate: top', 'openpsa-unreadable'],
    ['nothing', '', 'openpsa-unreadable'],
    ['elements too deep', '<a>'.repeat(openPsaLimits.depthMax + 1), 'openpsa-too-large'],
    ['another document', '<html></html>', 'openpsa-unreadable'],
    ['two gates of one name', tree(gate('x', a ?? '') + gate('x', b ?? '')), 'openpsa-duplicate'],
    ['an event named as a gate', tree(gate('x', a ?? ''), '<define-basic-event name="x"/>'), 'openpsa-duplicate'],
    [
      'a gate that uses itself',
      tree(gate('x', '<or><gate name="y"/></or>') + gate('y', '<or><gate name="x"/></or>')),
      'openpsa-cycle',
    ],
    ['a gate that is not there', tree(gate('x', '<gate name="y"/>')), 'openpsa-unreadable'],
    ['an unknown formula', tree(gate('x', `<perhaps>${a}</perhaps>`)), 'openpsa-unreadable'],
    ['a formula without arguments', tree(gate('x', '<and/>')), 'openpsa-unreadable'],
    ['a number that is none', tree(gate('x', `<atleast min="two">${a}</atleast>`)), 'openpsa-unreadable'],
    ['what would change the result', tree('<define-CCF-group name="g"/>'), 'openpsa-unreadable'],
  ])('refuses %s, saying where', (_, text, code) => {
    expect(refusalOf(text)).toMatchObject({ code, where: expect.stringMatching(/^tree\.xml:\d+:\d+$/) });
  });

  it('names the way a gate comes back to itself', () => {
    const gates = gate('x', '<or><gate name="y"/></or>') + gate('y', '<or><gate name="x"/></or>');
    expect(refusalOf(tree(gates))?.message).toBe('x → y → x: a gate uses itself.');
  });
});

// The quick ones; the bench has all.
const published = [
  'baobab2',
  'chinese',
  'das9201',
  'das9204',
  'das9208',
  'das9209',
  'edf9202',
  'ftr10',
  'isp9603',
  'isp9604',
];
const aralia = fileURLToPath(new URL('../../../../shared/data/aralia', import.meta.url));

describe('published trees', { timeout: 60_000 }, () => {
  it.for(published)('%s: as many minimal cut sets, as probable, as another program finds', (name, context) => {
    const file = join(aralia, 'input', 'Aralia', `${name}.xml`);
    if (!existsSync(file)) return context.skip('skipped: no data');
    const result = readOpenPsa(readFileSync(file), `${name}.xml`);
    if (!result.ok) throw new Error(result.refusal.message);
    const { graph, tops, events } = result.value;
    const { counts, whole } = analysed(graph, tops[0]?.root ?? 0, 60, { nodesLeft: 10_000_000 });
    if (whole === null) throw new Error('not solved');
    const reference = readReference(readFileSync(join(aralia, 'reference.csv'), 'utf8')).get(name);
    const probability = probabilityOf(whole, (event) => events[event]?.probability ?? Number.NaN);
    expect(Number(probability.toPrecision(6))).toBeCloseTo(reference?.probability ?? Number.NaN, 15);
    if (reference?.count !== undefined) expect(counts.reduce((sum, one) => sum + one, 0n)).toBe(reference.count);
    else expect(counts.slice(0, 7)).toEqual([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });
});
