import { type MapProblem, mapProblems } from '../document/check.ts';
import type { HospitalMap } from '../model.ts';
import { type MapChange, type Section, sections, type Thing } from './change.ts';
import { indexOf, type MapIndex, withChanges } from './mapIndex.ts';
import { type Key, keyOf, namedBy } from './references.ts';

/** A problem with the thing it is of: `path` leads on from there. */
export interface ChangeProblem extends MapProblem {
  section: Section | 'establishment';
  id: string;
}

/**
 * What is wrong after some changes (of a map they were applied to, `after`) that was not wrong before them. Only what they
 * touch is looked at, what names it and all that this rests on: on a large map, an edit is answered while one types.
 */
export function changeProblems(
  before: HospitalMap,
  after: HospitalMap,
  changes: readonly MapChange[],
): ChangeProblem[] {
  const index = indexOf(before);
  const found = problemsAround(after, withChanges(index, changes), changes);
  if (found.length === 0) return [];
  const known = new Set(problemsAround(before, index, changes).map(said));
  return found.filter((problem) => !known.has(said(problem)));
}

const said = ({ code, message }: MapProblem): string => `${code} ${message}`;

function problemsAround(map: HospitalMap, index: MapIndex, changes: readonly MapChange[]): ChangeProblem[] {
  const part = { ...map, ...partAround(map, index, changes) };
  return mapProblems(part).map((problem) => {
    const [list, at] = problem.path;
    const section = sections.find((one) => one === list);
    const thing = section === undefined ? undefined : part[section][Number(at)];
    return section === undefined || thing === undefined
      ? { ...problem, section: 'establishment', id: map.establishment.id }
      : { ...problem, section, id: thing.id, path: problem.path.slice(2) };
  });
}

/** What is touched, whatever names it, and all that these rest on, together with what starts with it. */
function partAround(
  { establishment }: HospitalMap,
  index: MapIndex,
  changes: readonly MapChange[],
): Pick<HospitalMap, Section> {
  const kept = new Set<Key>(establishment.reflexe === undefined ? [] : [keyOf('components', establishment.reflexe)]);
  for (const { section, id } of changes) if (section !== 'establishment') kept.add(keyOf(section, id));
  for (const key of [...kept]) for (const namer of index.namers(key)) kept.add(namer);
  // Each list holds the things of its own section.
  const part = Object.fromEntries(sections.map((section) => [section, [] as Thing[]])) as {
    [Name in Section]: never[];
  };
  // A set goes on to what is added to it meanwhile.
  for (const key of kept) {
    for (const { section, thing } of index.things(key)) {
      part[section].push(thing as never);
      for (const one of namedBy(section, thing)) kept.add(one);
    }
    for (const namer of index.namers(key)) if (namer.startsWith('startTogether ')) kept.add(namer);
  }
  return part;
}
