import { describe, expect, it } from 'vitest';
import { mapProblems } from '../document/check.ts';
import { smallMap } from '../fixture.ts';
import { CareFunction, HospitalMap } from '../model.ts';
import { reflexeHost } from './reflexeHost.ts';
import { careFromUsual, firstHourView, likelyWards, missingIn, sharedWithReflexe, usualFunctions } from './views.ts';

const ward = (id: string, fr: string) => ({ id, name: { fr }, site: 'main', accessPoints: [] });
const wards = [ward('u', 'Urgences adultes'), ward('r', 'Réanimation'), ward('m', 'Médecine')];
const usual = (id: string) => {
  const found = usualFunctions.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const empty = { ...smallMap({}, {}), wards };

describe('the usual care functions', () => {
  it('are at least ten, each taken as it is makes a map that holds together and says what is not confirmed', () => {
    expect(usualFunctions.length).toBeGreaterThanOrEqual(10);
    const careFunctions = usualFunctions.map((one) => CareFunction.parse(careFromUsual(one, {}, empty)));
    expect(mapProblems(HospitalMap.parse({ ...empty, careFunctions }))).toEqual([]);
    for (const care of careFunctions) {
      expect(care.toConfirm).toEqual(
        expect.arrayContaining(['tier', 'weight', 'mtpdSeconds', 'degradedMode.holdSeconds']),
      );
      expect(care.signedBy).toBeUndefined();
    }
  });

  it('never propose how long a ward can hold', () => {
    for (const one of usualFunctions) expect(careFromUsual(one, {}, empty).degradedMode?.holdSeconds).toBe(0);
  });

  it('serve the wards called so, and all of them where none is', () => {
    expect(likelyWards(usual('urgences'), wards)).toEqual(['u']);
    expect(likelyWards(usual('reanimation'), wards)).toEqual(['r']);
    expect(likelyWards(usual('radiotherapie'), wards)).toEqual(['u', 'r', 'm']);
    expect(likelyWards(usual('laboratoire'), wards)).toEqual(['u', 'r', 'm']);
  });

  it('are complete once a person said whom to call, what to do, for how long and where', () => {
    const bare = careFromUsual(usual('laboratoire'), {}, empty);
    expect(missingIn(bare)).toEqual(['call', 'hold', 'wards']);
    const call = { who: 'Biologiste de garde', phone: '01 99 00 40 10' };
    const said = careFromUsual(usual('laboratoire'), { call, holdSeconds: 7200, wards: ['m'], steps: [] }, empty);
    expect(missingIn(said)).toEqual([]);
    expect(said.toConfirm).toEqual(['degradedMode.runsOutFirst', 'mtpdSeconds', 'rtoSeconds', 'tier', 'weight']);
    const map = { ...empty, careFunctions: [bare, { ...said, id: 'said' }] };
    expect(firstHourView(map).careFunctions).toEqual({ all: 2, complete: 1 });
  });
});

describe('what Reflexe runs on', () => {
  const { reflexe, components } = reflexeHost('srv-reflexe', true);
  const onMap = (map: HospitalMap, change: Partial<HospitalMap['components'][number]> = {}): HospitalMap => ({
    ...map,
    establishment: { ...map.establishment, reflexe },
    components: [...map.components, ...components.map((one) => (one.id === reflexe ? { ...one, ...change } : one))],
  });
  const hospital = smallMap({ ehr: 'ups-a', 'ups-a': null, 'ups-b': null }, { care: { needs: { need: 'ehr' } } });

  it('is on the map, its links proposed, and is no inventory of the hospital', () => {
    const map = onMap(smallMap({}, {}));
    expect(mapProblems(map)).toEqual([]);
    expect(firstHourView(map)).toMatchObject({ components: 0, proposedLinks: 3 });
    expect(sharedWithReflexe(map)).toEqual([]);
  });

  it('is told where it shares something with what it watches, through links confirmed or only proposed', () => {
    expect(sharedWithReflexe(onMap(hospital, { needs: { need: 'ups-b' } }))).toEqual([]);
    const shared = { component: 'ups-a', careFunctions: ['care'] };
    expect(sharedWithReflexe(onMap(hospital, { needs: { any: [{ need: 'ups-a' }, { need: 'h:ups-b' }] } }))).toEqual([
      { ...shared, isOnlyProposed: false },
    ]);
    expect(sharedWithReflexe(onMap(hospital, { proposed: [{ need: 'ups-a', because: 'same rack' }] }))).toEqual([
      { ...shared, isOnlyProposed: true },
    ]);
  });

  it('must be on the map where the establishment says so', () => {
    const gone = { ...hospital, establishment: { ...hospital.establishment, reflexe: 'nowhere' } };
    expect(mapProblems(gone)).toMatchObject([{ code: 'unknown-reference', path: ['establishment', 'reflexe'] }]);
  });
});
