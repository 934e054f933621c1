import { compile } from '../map/compile.ts';
import type { HospitalMap } from '../map/model.ts';
import type { Dependencies } from './grouping.ts';

const read = new WeakMap<HospitalMap, Dependencies>();
const none: Dependencies = { needsOf: () => undefined, careFunctions: [] };

/** What grouping reads of a map; the same document is read once. Without a map, every loss stands alone. */
export function dependenciesOf(document: HospitalMap | null): Dependencies {
  if (document === null) return none;
  const before = read.get(document);
  if (before !== undefined) return before;
  const { components, careFunctions } = compile(document);
  const made: Dependencies = {
    // A care function may need another one: a theatre needs sterilisation.
    needsOf: (id) => (components.get(id) ?? careFunctions.get(id))?.needs,
    careFunctions: [...careFunctions.values()],
  };
  read.set(document, made);
  return made;
}
