import type { Catalogue } from '../fr.ts';

export const backupRefusals: Catalogue['backupRefusals'] = {
  'backups-not-here': {
    what: 'No backup can be read from here.',
    cure: 'Configure the sources; an exercise has none.',
  },
  'backup-desk-busy': { what: 'Others are looking into the backups.', cure: 'Ask again in a few seconds.' },
  'explanation-too-wide': {
    what: 'This sign is found in too many places for two people to look through. Nothing was explained.',
    cure: 'Exclude what is known from the rule or from the backup, or explain the whole rule, knowing what that hides.',
  },
  'explanation-too-vague': {
    what: 'These findings can be explained one by one: the whole rule is not.',
    cure: 'Explain these contents, or these files.',
  },
  'explanation-not-here': { what: 'No sign is explained here: nothing would let it be known again.' },
  'too-many-explanations': {
    what: 'This sign was explained too often on this component.',
    cure: 'Take back what was explained, then explain what is found.',
  },
  'backup-too-slow': {
    what: 'The backup took too long to answer. Nothing left it.',
    cure: 'Ask again, or use the command line: reflexe restore ls, reflexe restore extract.',
  },
  'part-not-a-file': {
    what: 'Only a file is taken out of a backup here.',
    cure: 'For a folder: reflexe restore extract.',
  },
  'part-too-large': {
    what: 'This file is too large to leave through the browser.',
    cure: 'Use the command line: reflexe restore extract.',
  },
  'part-not-whole': {
    what: 'This file does not read back whole in this night. Nothing left it.',
    cure: 'Try another night.',
  },
};
