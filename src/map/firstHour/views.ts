import { bookletOf } from '../booklet/booklet.ts';
import type { CareFunction, HospitalMap } from '../model.ts';
import type { UsualFunction } from './usualFunctions.ts';

export { settledLink } from '../edit/links.ts';
export { sharedWithReflexe } from './reflexeHost.ts';
export { careFromUsual, likelyWards } from './take.ts';
export { usualFunctions } from './usualFunctions.ts';
export type { UsualFunction };

/** What is still to be said about a care function before its page of the booklet is worth reading. */
export type Missing = 'call' | 'instead' | 'hold' | 'wards';

export function missingIn(care: CareFunction): Missing[] {
  const missing: Missing[] = [];
  if (care.call === undefined) missing.push('call');
  if (care.degradedMode === undefined) missing.push('instead');
  if ((care.degradedMode?.holdSeconds ?? 0) === 0) missing.push('hold');
  if (care.toConfirm?.includes('wards') === true) missing.push('wards');
  return missing;
}

/** What the booklet would mark as confirmed by nobody. */
export const bookletLacks = (map: HospitalMap) => bookletOf(map).toConfirm;

/** How far a hospital's own map has come; the map itself is all that is kept of it. */
export interface FirstHourView {
  sites: number;
  wards: number;
  careFunctions: { all: number; complete: number };
  /** Beside Reflexe's own. */
  components: number;
  /** Waiting for a person to confirm or dismiss them. */
  proposedLinks: number;
}

export function firstHourView(map: HospitalMap): FirstHourView {
  const { reflexe } = map.establishment;
  const own =
    reflexe === undefined ? [] : map.components.filter(({ id }) => id === reflexe || id.startsWith(`${reflexe}-`));
  const things = [...map.careFunctions, ...map.components];
  return {
    sites: map.sites.length,
    wards: map.wards.length,
    careFunctions: {
      all: map.careFunctions.length,
      complete: map.careFunctions.filter((care) => missingIn(care).length === 0).length,
    },
    components: map.components.length - own.length,
    proposedLinks: things.reduce((sum, { proposed = [] }) => sum + proposed.length, 0),
  };
}
