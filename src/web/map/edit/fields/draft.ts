import { createContext, useContext } from 'react';
import type { Draft, DraftProblem, Section } from '../../../../map/edit/views.ts';
import type { Confirmation, HospitalMap } from '../../../../map/model.ts';

export type EditedSection = Section | 'establishment';

/** One thing being written: every field of its form reads and writes it here. */
export interface Writing {
  section: EditedSection;
  map: HospitalMap;
  draft: Draft;
  /** `degradedMode.name.fr`; undefined, or an empty text, takes the field away. */
  set(path: string, value: unknown): void;
  /** Takes the mark of a proposal from a field. */
  confirm(path: string): void;
  problems: readonly DraftProblem[];
  /** The person who writes, today. */
  me: Confirmation;
}

export const WritingContext = createContext<Writing | null>(null);

export function useWriting(): Writing {
  const writing = useContext(WritingContext);
  if (writing === null) throw new Error('useWriting outside of a form');
  return writing;
}

export function read(draft: unknown, path: string): unknown {
  let at = draft;
  for (const key of path.split('.')) at = isObject(at) ? at[key] : undefined;
  return at;
}

export const textAt = (draft: Draft, path: string): string => {
  const value = read(draft, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
export const secondsAt = (draft: Draft, path: string): number | undefined => {
  const value = read(draft, path);
  return typeof value === 'number' ? value : undefined;
};
export const idsAt = (draft: Draft, path: string): string[] => {
  const value = read(draft, path);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
};

/** A copy with that field written; a part of the thing that is left empty goes with its last field. */
export function written(draft: Draft, path: string, value: unknown): Draft {
  const [key = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : written(isObject(draft[key]) ? draft[key] : {}, rest.join('.'), value);
  const { [key]: _before, ...others } = draft;
  const isEmpty =
    inner === undefined || inner === '' || (rest.length > 0 && isObject(inner) && Object.keys(inner).length === 0);
  return isEmpty ? others : key in draft ? { ...draft, [key]: inner } : { ...others, [key]: inner };
}

/** Without the mark of a proposal on what was just written or confirmed. */
export function withoutMark(draft: Draft, path: string): Draft {
  const marks = idsAt(draft, 'toConfirm');
  const left = marks.filter((mark) => !(mark === path || path.startsWith(`${mark}.`) || mark.startsWith(`${path}.`)));
  return left.length === marks.length ? draft : written(draft, 'toConfirm', left.length === 0 ? undefined : left);
}

/** What somebody signed or proved, of a field that is written anew: it has to be signed, or proved, again. */
const restingOn: { readonly [field: string]: readonly string[] } = {
  tier: ['signedBy', 'signedOn'],
  weight: ['signedBy', 'signedOn'],
  calendar: ['signedBy', 'signedOn'],
  'degradedMode.holdSeconds': ['degradedMode.provedOn'],
};

/** The draft with a field written, and without what no longer holds for it. */
export function rewritten(draft: Draft, path: string, value: unknown): Draft {
  const next = withoutMark(written(draft, path, value), path);
  return (restingOn[path] ?? []).reduce((before, field) => written(before, field, undefined), next);
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
