import { expect, it } from 'vitest';
import { sitesIn, wardsIn } from './lines.ts';

it('sites are written one a line, with their city or without', () => {
  expect(sitesIn('Hôpital Nord ; Rennes\n\n  Annexe\n ; Rennes')).toEqual([
    { name: 'Hôpital Nord', city: 'Rennes' },
    { name: 'Annexe' },
  ]);
});

it('wards are written one a line; what is not a number of beds is told by its line, the others are read', () => {
  expect(wardsIn('Réanimation ; 02 99 00 41 20 ; 18\nBloc;;\nUrgences\t02 99 00 41 10\nPédiatrie ; ; dix')).toEqual({
    wards: [
      { name: 'Réanimation', phone: '02 99 00 41 20', beds: 18 },
      { name: 'Bloc' },
      { name: 'Urgences', phone: '02 99 00 41 10' },
    ],
    wrong: [4],
  });
});
