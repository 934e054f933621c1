import type { HospitalMap, Need } from '../map/model.ts';
import type { Dependencies } from './grouping.ts';

const read = new WeakMap<HospitalMap, Dependencies>();
const none: Dependencies = { needsOf: () => undefined, careFunctions: [] };

/** What grouping reads of a map; the same document is read once. Without a map, every loss stands alone. */
export function dependenciesOf(document: HospitalMap | null): Dependencies {
  if (document === null) return none;
  const before = read.get(document);
  if (before !== undefined) return before;
  const needs = new Map<string, Need | undefined>(
    document.components.map((component) => [component.id, component.needs]),
  );
  const made: Dependencies = { needsOf: (component) => needs.get(component), careFunctions: document.careFunctions };
  read.set(document, made);
  return made;
}
