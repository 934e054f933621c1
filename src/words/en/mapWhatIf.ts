import type { Catalogue } from '../fr.ts';

const functions = (count: number) => (count === 1 ? '1 care function' : `${count} care functions`);

export const mapWhatIf: Catalogue['mapWhatIf'] = {
  ask: 'What if this stopped?',
  mark: 'What-if: nothing is stopped',
  title: 'What if this stopped?',
  leave: 'Leave the what-if (Escape)',
  choose: 'Choose what stops: in the picture, in the list, or a whole site.',
  addWhole: 'Stop a whole site, a whole supplier…',
  sites: 'Sites',
  suppliers: 'Suppliers',
  allOf: (name) => `All of ${name}`,
  takeOut: ': no longer stopped',
  rest: 'The rest',
  asSeen: 'as it is now',
  allUp: 'up',
  when: 'Looking',
  atOnce: 'at once',
  after: (length) => `${length} later`,
  inTheEnd: 'once everything has run out',
  sum: (lost, partly, stopped) => {
    const stops = stopped === 1 ? '1 component stopped' : `${stopped} components stopped`;
    if (lost === 0 && partly === 0) return `${stops}: no care function lost at that moment.`;
    const both = [
      lost > 0 ? `${functions(lost)} lost` : '',
      partly > 0 ? `${lost > 0 ? partly : functions(partly)} partly served` : '',
    ].filter((part) => part !== '');
    return `${stops}: ${both.join(', ')}.`;
  },
  lost: 'Lost',
  lostLater: 'Lost later',
  partly: 'Partly served',
  unknown: 'Unknown',
  thin: 'On their last support',
  nothingFelt: 'Care feels nothing of it.',
  lostAtOnce: 'lost at once',
  lostAfter: (length) => `lost in ${length}`,
  unless: (way) => `, unless one restores: ${way}`,
  wouldKeep: (way) => `It would be enough to restore: ${way}`,
  tier: (tier) => `vital tier ${tier}`,
  because: (names, more) => (more > 0 ? `Because of ${names} and ${more} more` : `Because of ${names}`),
  back: (low, high) =>
    `Back ${low === null ? '' : `between ${low} and `}${high} after the loss, by the times on record`,
  backUnknown: (low) => `Return: not before ${low}, the rest has no time on record`,
  careGap: (length) => `Care not given within ${length}`,
  atLeast: 'at least',
  atMost: 'at most',
  noGap: 'None.',
  gapMeans:
    'Lengths weighted by each function’s weight. At least: every ward holds as long as its degraded mode does, and all returns as soon as it may. At most: none holds, and what has no time on record does not return.',
  unknownMinutes: (length) => `Of which ${length} in an unknown state.`,
  copyLink: 'Copy the link',
  why: 'Why is it lost?',
  whyHide: 'Hide the path',
  whyRoots: 'At the root, nothing below explains it:',
  whyEnough: 'This is enough to explain it:',
  whyNothing: 'Nothing known explains it.',
};
