import type { NewEvent } from '../journal/event.ts';
import { accept, type Refusal, type Refusing, type Result, refuse } from '../journal/result.ts';
import { compile } from '../map/compile.ts';
import type { CareFunction, HospitalMap } from '../map/model.ts';
import type { ActivateState, Incident } from './state.ts';

/** What commands of this room expect to find, and how they refuse where it is not. */

export function careFunctionOn(
  document: HospitalMap | null,
  id: string,
  wards: readonly string[],
): Result<CareFunction> {
  const careFunction = document === null ? undefined : compile(document).careFunctions.get(id);
  if (careFunction === undefined) return missing('care function', id);
  const stranger = wards.find((ward) => !careFunction.wards.includes(ward));
  if (stranger !== undefined) {
    return refuse('ward-not-concerned', 'This ward does not have this care function on the map.', {
      where: `${id} · ${stranger}`,
      expected: careFunction.wards.join(', '),
    });
  }
  return accept(careFunction);
}

export function openIncident(
  state: ActivateState,
  id: string,
  then: (incident: Incident) => NewEvent[] | Refusal,
): Result<NewEvent[]> {
  const incident = state.incidents[id];
  if (incident === undefined) return missing('incident', id);
  if (incident.closedAt !== null)
    return refuse('incident-closed', 'This incident is closed.', { where: id, kept: 'Its crisis log stays readable.' });
  const outcome = then(incident);
  return Array.isArray(outcome) ? accept(outcome) : { ok: false, refusal: outcome };
}

export function missing(kind: string, id: string): Refusing {
  return refuse('not-found', `No ${kind} has this name here.`, { where: id });
}
