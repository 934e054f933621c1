import { durationSeconds } from '../../map/document/duration.ts';

interface FriendlyProblem {
  path: (string | number)[];
  code: string;
  message: string;
}

/** Durations people write (`hold: 8h`) and the field of the model each one becomes, in seconds. */
const durations: { readonly [key: string]: string } = {
  hold: 'holdSeconds',
  mtpd: 'mtpdSeconds',
  rto: 'rtoSeconds',
  rpo: 'rpoSeconds',
  grace: 'graceSeconds',
  declared: 'declaredSeconds',
  mustAnswerWithin: 'mustAnswerWithinSeconds',
  mustRepairWithin: 'mustRepairWithinSeconds',
};

/**
 * A map as people write it, in the model's words: `needs: db` is one need, `needs: [a, b]` all of them, durations carry their unit.
 * What cannot be read is named with its path and left out.
 */
export function friendly(written: { [key: string]: unknown }): {
  value: { [key: string]: unknown };
  problems: FriendlyProblem[];
} {
  const problems: FriendlyProblem[] = [];
  const value = converted(written, [], problems);
  return { value: typeof value === 'object' && value !== null ? { ...value } : {}, problems };
}

function converted(value: unknown, path: (string | number)[], problems: FriendlyProblem[]): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => converted(entry, [...path, index], problems));
  if (typeof value !== 'object' || value === null) return value;
  const result: { [key: string]: unknown } = {};
  for (const [key, entry] of Object.entries(value)) {
    const here = [...path, key];
    const field = durations[key];
    if (field !== undefined) {
      const seconds = typeof entry === 'string' ? durationSeconds(entry) : undefined;
      if (seconds === undefined)
        problems.push({
          path: here,
          code: 'duration-unreadable',
          message: `${key}: expected a duration with its unit, such as 30m, 8h or 1d`,
        });
      else result[field] = seconds;
    } else if (key === 'needs') {
      result[key] = need(entry, here, problems);
    } else {
      result[key] = converted(entry, here, problems);
    }
  }
  return result;
}

function need(value: unknown, path: (string | number)[], problems: FriendlyProblem[]): unknown {
  if (typeof value === 'string') return { need: value };
  const parts = (list: unknown, at: (string | number)[]): unknown =>
    Array.isArray(list) ? list.map((entry, index) => need(entry, [...at, index], problems)) : list;
  if (Array.isArray(value))
    return value.length === 1 ? need(value[0], [...path, 0], problems) : { all: parts(value, path) };
  if (typeof value !== 'object' || value === null) return value;
  const rest = converted(value, path, problems);
  const result: { [key: string]: unknown } = typeof rest === 'object' && rest !== null ? { ...rest } : {};
  for (const word of ['all', 'any', 'of'] as const)
    if (word in value) result[word] = parts(Object.entries(value).find(([key]) => key === word)?.[1], [...path, word]);
  return result;
}
