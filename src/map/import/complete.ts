import type { HospitalMap } from '../model.ts';
import type { Fields } from './imported.ts';

/** Where a new ward stands, and whom a new care function serves, when a source does not say. */
export interface Places {
  sites: readonly { id: string }[];
  wards: readonly { id: string }[];
}

/** Proposals for what a source left out; a person confirms them. Four hours is half a shift: long enough to be noticed. */
const proposed = { tier: 3, weight: 1, seconds: 4 * 3600 } as const;

/** A new ward or care function with what the map requires of it; a care function says which of its fields are proposals. */
export function completed(section: string, thing: Fields, { sites, wards }: Places): Fields {
  if (section === 'wards') return { site: sites[0]?.id, accessPoints: [], ...thing };
  if (section === 'contracts') return { covers: [], clauses: [], ...thing };
  if (section !== 'careFunctions') return thing;
  const rtoSeconds = thing.rtoSeconds ?? thing.mtpdSeconds ?? proposed.seconds;
  const given = {
    tier: proposed.tier,
    weight: proposed.weight,
    mtpdSeconds: rtoSeconds,
    rtoSeconds,
    wards: wards.map(({ id }) => id),
  };
  const toConfirm = [
    ...new Set([...(Array.isArray(thing.toConfirm) ? thing.toConfirm : []), ...Object.keys(given)]),
  ].filter(
    (field) => thing[field] === undefined || (Array.isArray(thing.toConfirm) && thing.toConfirm.includes(field)),
  );
  return { calendar: 'always', ...given, ...thing, ...(toConfirm.length === 0 ? {} : { toConfirm }) };
}

/** A site and a ward to hang care functions on, where neither the map nor the source has any. */
export function standIns(
  map: HospitalMap,
  told: ReadonlySet<string>,
): { sites: HospitalMap['sites']; wards: HospitalMap['wards'] } {
  const needsWard = told.has('careFunctions') && map.wards.length === 0 && !told.has('wards');
  const needsSite = (told.has('wards') || needsWard) && map.sites.length === 0 && !told.has('sites');
  return {
    sites: needsSite ? [{ id: 'site-principal', name: { fr: 'Site principal', en: 'Main site' } }] : [],
    wards: needsWard
      ? [
          {
            id: 'tout-l-etablissement',
            name: { fr: 'Tout l’établissement', en: 'Whole establishment' },
            site: '',
            accessPoints: [],
          },
        ]
      : [],
  };
}
