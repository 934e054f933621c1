import { compile } from '../map/compile.ts';
import type { HospitalMap } from '../map/model.ts';
import type { Dependencies } from './grouping.ts';

const read = new WeakMap<HospitalMap, DependencyGraph>();
/** The map as rooms of alarms read it. */
export interface DependencyGraph extends Dependencies {
  /** Who needs it directly. */
  neededBy(component: string): readonly string[];
}

const none: DependencyGraph = { needsOf: () => undefined, neededBy: () => [], careFunctions: [] };

/** What grouping reads of a map; the same document is read once. Without a map, every loss stands alone. */
export function dependenciesOf(document: HospitalMap | null): DependencyGraph {
  if (document === null) return none;
  const before = read.get(document);
  if (before !== undefined) return before;
  // Asked of at each event, and needed only while something is lost: a large map is compiled then.
  let careFunctions: Dependencies['careFunctions'] | undefined;
  const made: DependencyGraph = {
    // A care function may need another one: a theatre needs sterilisation.
    needsOf: (id) => (compile(document).components.get(id) ?? compile(document).careFunctions.get(id))?.needs,
    neededBy: (id) => compile(document).neededBy(id),
    get careFunctions() {
      careFunctions ??= [...compile(document).careFunctions.values()].flatMap(({ id, needs }) =>
        needs === undefined ? [] : [{ id, needs }],
      );
      return careFunctions;
    },
  };
  read.set(document, made);
  return made;
}
