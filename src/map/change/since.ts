import type { HospitalMap, Words } from '../model.ts';
import type { MapState } from '../state.ts';

/** How many times the map changed since each open incident opened. */
export function changesSince({ history, incidents }: MapState): { [incident: string]: number } {
  return Object.fromEntries(
    Object.entries(incidents).map(([incident, opened]) => [
      incident,
      history.filter(({ sequence }) => sequence > opened).length,
    ]),
  );
}

/** Care functions and components that those at work still see (`shared`), and that the map in force no longer has. */
export function goneFrom(
  { document }: Pick<MapState, 'document'>,
  shared: HospitalMap | null,
): { id: string; name: Words }[] {
  if (document === null || shared === null || shared === document) return [];
  const named = ({ id, name }: { id: string; name: Words }) => ({ id, name });
  return [
    ...shared.careFunctions.slice(document.careFunctions.length).map(named),
    ...shared.components.slice(document.components.length).map(named),
  ];
}
