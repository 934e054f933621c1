import type { CareFunction, HospitalMap } from '../model.ts';
import type { MapProblem } from './problem.ts';
import { qualifiedReference } from './reference.ts';
import { references } from './references.ts';
import { registerProblems } from './registerProblems.ts';
import { rings } from './rings.ts';

export type { MapProblem } from './problem.ts';

/** Everything wrong with a document whose shape is right, all at once. */
export function mapProblems(map: HospitalMap): MapProblem[] {
  return [
    ...zoneProblems(map),
    ...duplicates(map),
    ...references(map),
    ...map.careFunctions.flatMap((care, i) => contradictions(care, ['careFunctions', i])),
    ...registerProblems(map),
    ...rings(map),
  ];
}

function zoneProblems(map: HospitalMap): MapProblem[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: map.establishment.timeZone });
    return [];
  } catch {
    const message = `\`${map.establishment.timeZone}\` is no time zone; write one such as Europe/Paris`;
    return [{ code: 'unknown-time-zone', severity: 'error', path: ['establishment', 'timeZone'], message }];
  }
}

function duplicates(map: HospitalMap): MapProblem[] {
  const own = map.establishment.id;
  const problems: MapProblem[] = [];
  // Needs name components and care functions alike, so these two share one space of ids.
  for (const family of [
    ['components', 'careFunctions'],
    ['wards'],
    ['sites'],
    ['suppliers'],
    ['contracts'],
    ['teams'],
    ['startTogether'],
  ] as const) {
    const seen = new Map<string, string>();
    for (const list of family) {
      map[list].forEach(({ id }, i) => {
        const whole = qualifiedReference(id, own);
        const first = seen.get(whole);
        if (first === undefined) seen.set(whole, list);
        else {
          const message = `\`${id}\` is already the id of another of ${first}; give this one its own`;
          problems.push({ code: 'duplicate-id', severity: 'error', path: [list, i, 'id'], message });
        }
      });
    }
  }
  return problems;
}

function contradictions(care: CareFunction, path: (string | number)[]): MapProblem[] {
  const problems: MapProblem[] = [];
  if (care.mtpdSeconds > 0 && care.rtoSeconds > care.mtpdSeconds) {
    const message =
      `\`${care.id}\` is to be back in ${care.rtoSeconds} s, after the ${care.mtpdSeconds} s past which its interruption ` +
      'is not tolerable: shorten the objective, or revise the DMIA with those who signed it';
    problems.push({ code: 'rto-beyond-mtpd', severity: 'warning', path: [...path, 'rtoSeconds'], message });
  }
  if (care.mtpdSeconds === 0 && care.degradedMode === undefined) {
    const message = `\`${care.id}\` tolerates no interruption, and no degraded mode says what the ward does meanwhile`;
    problems.push({ code: 'nothing-holds', severity: 'warning', path: [...path, 'mtpdSeconds'], message });
  }
  if (care.calendar === 'always') return problems;
  for (const key of ['from', 'to'] as const) {
    const [hours = 0, minutes = 0] = care.calendar[key].split(':').map(Number);
    if (minutes < 60 && (hours < 24 || (hours === 24 && minutes === 0))) continue;
    const message = `\`${care.id}\`: ${care.calendar[key]} is no hour of the day (00:00 to 24:00)`;
    problems.push({ code: 'impossible-hour', severity: 'error', path: [...path, 'calendar', key], message });
  }
  return problems;
}
