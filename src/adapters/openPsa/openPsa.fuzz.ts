import { analysed } from '../../map/weakPoints/engine/analyse.ts';
import { readOpenPsa } from './openPsa.ts';

const tree = (gates: string): string =>
  `<?xml version="1.0"?><opsa-mef><define-fault-tree name="t">${gates}</define-fault-tree><model-data>
  <define-basic-event name="a"><mul><float value="0.1"/><parameter name="p"/></mul></define-basic-event>
  <define-parameter name="p"><int value="1"/></define-parameter><define-house-event name="h"><constant value="true"/></define-house-event>
  </model-data></opsa-mef>`;
const gate = (name: string, formula: string): string => `<define-gate name="${name}">${formula}</define-gate>`;

/** Whatever the bytes: a refusal that names its place, or trees whose work stays within what it was given. */
export const fuzz: { name: string; seeds(): Uint8Array[]; run(input: Uint8Array): void } = {
  name: 'Open-PSA fault trees',
  seeds: () =>
    [
      tree(
        gate('top', '<atleast min="2"><gate name="g"/><event name="a"/><not><event name="h"/></not></atleast>') +
          gate('g', '<xor><basic-event name="b"/><constant value="true"/></xor>'),
      ),
      tree(gate('x', '<cardinality min="1" max="1"><event name="a"/><event name="b"/></cardinality>')),
      tree(gate('x', '<imply><gate name="y"/><event name="b"/></imply>') + gate('y', '<iff><gate name="x"/></iff>')),
      '<!DOCTYPE a [<!ENTITY b "&b;">]><opsa-mef>&b;</opsa-mef>',
    ].map((text) => new TextEncoder().encode(text)),
  run(input) {
    const read = readOpenPsa(input, 'input.xml');
    if (!read.ok) {
      if (!/^input\.xml(:\d+:\d+)?$/.test(read.refusal.where ?? '')) throw new Error('a refusal has no place');
      return;
    }
    for (const { root } of read.value.tops.slice(0, 4)) {
      const { counts } = analysed(read.value.graph, root, 4, { nodesLeft: 5_000 });
      if (counts.some((many) => many < 0n)) throw new Error('a negative count');
    }
  },
};
