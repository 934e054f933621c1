import type { HospitalMap } from '../map/model.ts';

const confirmed = { by: 'person:cio', on: '2026-01-01' };
const restore = (source: string, driver: 'postgresql' | 'orthanc' | 'application', probes: string[] = []) => ({
  source,
  driver,
  probes,
});

/** A small hospital for the tests of this room: prescription is more vital than imaging, both rest on one application. */
export const exampleMap: HospitalMap = {
  version: 1,
  establishment: { id: 'chx', name: { fr: 'CH exemple' }, timeZone: 'Europe/Paris' },
  sites: [{ id: 'chx:site', name: { fr: 'Site' } }],
  wards: [
    { id: 'chx:icu', name: { fr: 'Réanimation' }, site: 'chx:site', accessPoints: [] },
    { id: 'chx:ed', name: { fr: 'Urgences' }, site: 'chx:site', accessPoints: [] },
  ],
  suppliers: [],
  careFunctions: [
    {
      id: 'chx:prescription',
      name: { fr: 'Prescription' },
      tier: 1,
      weight: 10,
      calendar: 'always',
      mtpdSeconds: 7200,
      rtoSeconds: 3600,
      wards: ['chx:icu', 'chx:ed'],
      needs: { need: 'chx:ehr' },
      degradedMode: { name: { fr: 'Papier' }, holdSeconds: 14_400, runsOutFirst: 'forms', steps: [] },
    },
    {
      id: 'chx:imaging',
      name: { fr: 'Imagerie' },
      tier: 2,
      weight: 5,
      calendar: 'always',
      mtpdSeconds: 14_400,
      rtoSeconds: 7200,
      wards: ['chx:ed'],
      needs: { all: [{ need: 'chx:pacs' }, { need: 'chx:ehr' }, { need: 'chx:modality' }] },
    },
  ],
  components: [
    {
      id: 'chx:db',
      kind: 'database',
      name: { fr: 'Base du DPI' },
      restore: restore('nights-db', 'postgresql', ['counts']),
      confirmed,
    },
    {
      id: 'chx:pacs',
      kind: 'storage',
      name: { fr: 'PACS' },
      restore: restore('nights-pacs', 'orthanc', ['studies']),
      confirmed,
    },
    {
      id: 'chx:ehr',
      kind: 'application',
      name: { fr: 'DPI' },
      needs: { need: 'chx:db' },
      restore: restore('nights-ehr', 'application', ['counts']),
      confirmed,
    },
    { id: 'chx:modality', kind: 'server', name: { fr: 'Scanner' }, confirmed },
  ],
};
