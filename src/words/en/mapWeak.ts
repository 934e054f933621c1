import type { Catalogue } from '../fr.ts';

const functions = (count: number) => (count === 1 ? '1 care function' : `${count} care functions`);

export const mapWeak: Catalogue['mapWeak'] = {
  lead: 'What deprives patients of care by stopping, alone or two together. As the map says, once every reserve has run out.',
  computing: (done, count) => `Looking: ${done} care functions of ${count} examined.`,
  stop: 'Stop looking',
  stopped: 'The search was stopped.',
  again: 'Look',
  none: 'No component takes a care function down by itself.',
  worst: (name, count, vital) =>
    `${name} alone carries ${functions(count)}${vital === 0 ? '' : `, ${vital} of them in the most vital tier`}.`,
  notAll: 'The map is so large that not all of it could be examined: there may be other weak points.',
  unconfirmedCount: (count, all) =>
    `${count} links of ${all} were confirmed by nobody: this result is worth what they are.`,
  single: 'One stop is enough',
  singleMeans: 'Each component whose stop, alone, loses care. The heaviest first.',
  suppliers: 'If a supplier stops',
  suppliersMeans: 'Everything it holds stops at once.',
  supplierOf: (components) => (components === 1 ? '1 component' : `${components} components`),
  losesNothing: 'no care function lost',
  loses: (count) => `${functions(count)} lost`,
  everything: 'all care functions',
  allBut: (names) => `all but ${names}`,
  vital: (count) => `${count} of tier 1`,
  whatIf: (name) => `What if ${name} stopped?`,
  more: (count) => `Show ${count} more`,
  byFunction: 'Function by function',
  byFunctionMeans: 'What is enough, together, to lose each care function.',
  sets: (single, pairs) => `alone: ${single} · two together: ${pairs}`,
  pairs: 'Two stops together',
  triples: 'Three stops together',
  noPairs: 'No pair: what takes it down does so alone, or more than two together.',
  together: 'with',
  notListed: (count) => `and ${count} other sets`,
  atMostOrder: (order) => `Beyond ${order} stops together, nothing was looked for.`,
  importance: 'What weighs most',
  lostPerYear: (length) => `Lost about ${length} a year.`,
  lostPerYearFrom: (sources) => `From failures on record: ${sources}.`,
  noRates: (count) =>
    count === 1
      ? 'No likely length: the failure rate of one component has no source.'
      : `No likely length: the failure rates of ${count} components have no source.`,
};
