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
  sites: [{ id: 'site', name: { fr: 'Site' } }],
  wards: [
    { id: 'icu', name: { fr: 'Réanimation' }, site: 'site', accessPoints: [] },
    { id: 'ed', name: { fr: 'Urgences' }, site: 'site', accessPoints: [] },
  ],
  suppliers: [],
  contracts: [],
  teams: [],
  startTogether: [],
  careFunctions: [
    {
      id: 'prescription',
      name: { fr: 'Prescription' },
      tier: 1,
      weight: 10,
      calendar: 'always',
      mtpdSeconds: 7200,
      rtoSeconds: 3600,
      wards: ['icu', 'ed'],
      needs: { need: 'ehr' },
      degradedMode: { name: { fr: 'Papier' }, holdSeconds: 14_400, runsOutFirst: 'forms', steps: [] },
    },
    {
      id: 'imaging',
      name: { fr: 'Imagerie' },
      tier: 2,
      weight: 5,
      calendar: 'always',
      mtpdSeconds: 14_400,
      rtoSeconds: 7200,
      wards: ['ed'],
      needs: { all: [{ need: 'pacs' }, { need: 'ehr' }, { need: 'modality' }] },
    },
  ],
  components: [
    {
      id: 'db',
      kind: 'database',
      name: { fr: 'Base du DPI' },
      restore: restore('nights-db', 'postgresql', ['counts']),
      confirmed,
    },
    {
      id: 'pacs',
      kind: 'storage',
      name: { fr: 'PACS' },
      restore: restore('nights-pacs', 'orthanc', ['studies']),
      confirmed,
    },
    {
      id: 'ehr',
      kind: 'application',
      name: { fr: 'DPI' },
      needs: { need: 'db' },
      restore: restore('nights-ehr', 'application', ['counts']),
      confirmed,
    },
    { id: 'modality', kind: 'server', name: { fr: 'Scanner' }, confirmed },
  ],
};
