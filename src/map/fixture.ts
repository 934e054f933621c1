import type { HospitalMap, Need } from './model.ts';

/** A small map for tests: `{ app: 'server', server: { any: […] } }`; the care functions hang on what they name. */
export function smallMap(
  components: { [id: string]: Need | string | null },
  careFunctions: { [id: string]: Partial<HospitalMap['careFunctions'][number]> & { needs: Need } },
  wards: HospitalMap['wards'] = [{ id: 'ward-1', name: { fr: 'Unité 1' }, site: 'main', beds: 10, accessPoints: [] }],
): HospitalMap {
  return {
    version: 1,
    establishment: { id: 'h', name: { fr: 'Hôpital' }, timeZone: 'Europe/Paris' },
    sites: [{ id: 'main', name: { fr: 'Site' } }],
    wards,
    suppliers: [],
    contracts: [],
    teams: [],
    careFunctions: Object.entries(careFunctions).map(([id, care]) => ({
      id,
      name: { fr: id },
      tier: 1,
      weight: 1,
      calendar: 'always',
      mtpdSeconds: 7200,
      rtoSeconds: 3600,
      wards: wards.map((ward) => ward.id),
      ...care,
    })),
    components: Object.entries(components).map(([id, needs]) => ({
      id,
      kind: 'service',
      name: { fr: id },
      ...(needs === null ? {} : { needs: typeof needs === 'string' ? { need: needs } : needs }),
    })),
    startTogether: [],
  };
}
