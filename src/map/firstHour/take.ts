import type { CareFunction, HospitalMap, Words } from '../model.ts';
import type { UsualFunction } from './usualFunctions.ts';

/** Where nothing is tolerated, something must still be aimed at. */
const objectiveAtLeastSeconds = 3600;

const searched = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** The wards it usually serves, by their names; all of them where none is called so. */
export function likelyWards({ wardsCalled }: UsualFunction, wards: HospitalMap['wards']): string[] {
  const called = wards.filter(({ name }) => wardsCalled?.test(searched(name.fr)) ?? false);
  return (called.length > 0 ? called : wards).map(({ id }) => id);
}

/** What a person said about it. */
export interface Said {
  name?: Words | undefined;
  call?: CareFunction['call'];
  /** Absent: nobody said how long. */
  holdSeconds?: number | undefined;
  steps?: Words[] | undefined;
  wards?: string[] | undefined;
}

/** A usual function as one of this hospital's: what a person said is theirs, the rest is listed as to be confirmed. */
export function careFromUsual(usual: UsualFunction, said: Said, map: Pick<HospitalMap, 'wards'>): CareFunction {
  const { id, name, tier, weight, mtpdSeconds, instead } = usual;
  const toConfirm = ['tier', 'weight', 'mtpdSeconds', 'rtoSeconds', 'degradedMode.runsOutFirst'];
  if (said.steps === undefined) toConfirm.push('degradedMode.steps');
  if (said.holdSeconds === undefined) toConfirm.push('degradedMode.holdSeconds');
  if (said.wards === undefined) toConfirm.push('wards');
  return {
    id,
    name: said.name ?? name,
    tier,
    weight,
    calendar: 'always',
    mtpdSeconds,
    rtoSeconds: mtpdSeconds === 0 ? objectiveAtLeastSeconds : mtpdSeconds,
    wards: said.wards ?? likelyWards(usual, map.wards),
    ...(said.call === undefined ? {} : { call: said.call }),
    degradedMode: { ...instead, steps: said.steps ?? instead.steps, holdSeconds: said.holdSeconds ?? 0 },
    toConfirm: toConfirm.sort(),
  };
}
