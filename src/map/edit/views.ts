import { differences } from '../change/apply.ts';
import type { MapChange } from '../change/change.ts';
import type { HospitalMap } from '../model.ts';

export { type MapChange, type Section, sections, type Thing } from '../change/change.ts';
export { referenceFrom } from '../firstHour/referenceFrom.ts';
export { componentKinds } from '../model.ts';
export { settledLink } from './links.ts';
export { changeOf, type Draft, type DraftProblem, draftProblems } from './problems.ts';
export { type Named, removalOf } from './removal.ts';

/** What puts the care functions in another vital order: as few as can be are moved. */
export function orderChanges(map: HospitalMap, ids: readonly string[]): MapChange[] {
  const byId = new Map(map.careFunctions.map((care) => [care.id, care]));
  const careFunctions = ids.flatMap((id) => byId.get(id) ?? []);
  return careFunctions.length === map.careFunctions.length ? differences(map, { ...map, careFunctions }) : [];
}
