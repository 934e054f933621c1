import { applied } from '../change/apply.ts';
import { type MapChange, type Section, shapes } from '../change/change.ts';
import { changeProblems } from '../change/problems.ts';
import { HospitalMap } from '../model.ts';

/** What is wrong with what is being typed, in the field it is about. */
export interface DraftProblem {
  /** `degradedMode.holdSeconds`; empty: of the thing as a whole. */
  path: string;
  /** A code of `MapProblem`, or `missing`, `wrong`: not what this field holds. */
  code: string;
  severity: 'error' | 'warning';
  /** What is named and is not there, where that is the problem; the ids of a ring of needs, one after the other. */
  detail: string | null;
}

/** As far as one types: the model's own schema first; once the shape is right, what the whole map would say of it. */
export function draftProblems(map: HospitalMap, change: MapChange): DraftProblem[] {
  const { section, to } = change;
  if (to === null) return [];
  const shape = section === 'establishment' ? HospitalMap.shape.establishment : shapes[section];
  const read = shape.safeParse(to);
  if (!read.success) {
    return read.error.issues.map((issue) => {
      const isMissing = 'input' in issue ? issue.input === undefined : isAbsent(to, issue.path);
      const isEmpty = issue.code === 'too_small' && issue.origin !== 'number';
      const code = isMissing || isEmpty ? 'missing' : 'wrong';
      return { path: issue.path.join('.'), code, severity: 'error', detail: null };
    });
  }
  const after = applied(map, [change]);
  if (!after.ok) return [{ path: 'id', code: after.refusal.code, severity: 'error', detail: null }];
  return changeProblems(map, after.value, [change]).flatMap((problem): DraftProblem[] => {
    const { code, severity, reference, message } = problem;
    const isHere = problem.section === section && problem.id === to.id;
    if (!isHere && severity === 'warning') return [];
    const detail = reference ?? (code === 'needs-itself' ? ringIn(message) : null);
    return [{ path: isHere ? problem.path.join('.') : '', code, severity, detail }];
  });
}

/** The ids of a ring, as its message tells them: `a` needs `b` needs `a`. */
const ringIn = (message: string): string | null => {
  const [ring] = /(?:`[^`]+` needs )+`[^`]+`/.exec(message) ?? [];
  return ring === undefined ? null : [...ring.matchAll(/`([^`]+)`/g)].map(([, id]) => id).join(' ');
};

const isAbsent = (thing: unknown, path: readonly PropertyKey[]): boolean => {
  let at = thing;
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  return at === undefined || at === '';
};

/** What one writes a new thing as before anybody said anything of it. */
export type Draft = { readonly [field: string]: unknown };

/** Everything a form may hold is of the map or not yet: it is told apart when it is read. */
export const changeOf = (
  section: Section | 'establishment',
  id: string,
  { from, to, before }: { from: object | null; to: object | null; before?: string | null },
): MapChange => ({ section, id, from, to, ...(before === undefined ? {} : { place: { to: before } }) }) as MapChange;
