import type { HospitalMap } from '../model.ts';
import type { MapProblem } from './problem.ts';
import { shortReference } from './reference.ts';

/** What contracts, groups started together and a supplier's map say that cannot be. */
export function registerProblems(map: HospitalMap): MapProblem[] {
  return [...contractDates(map), ...groupMembers(map), ...careOfSupplier(map)];
}

function contractDates(map: HospitalMap): MapProblem[] {
  const problems: MapProblem[] = [];
  map.contracts.forEach(({ id, from, until }, i) => {
    for (const [key, date] of [
      ['from', from],
      ['until', until],
    ] as const) {
      if (date === undefined || isDate(date)) continue;
      const message = `\`${id}\`: \`${date}\` is no date; write it as 2026-12-31`;
      problems.push({ code: 'impossible-date', severity: 'error', path: ['contracts', i, key], message });
    }
    if (from === undefined || until === undefined || !isDate(from) || !isDate(until) || from <= until) return;
    const message = `\`${id}\` ends on ${until}, before it begins on ${from}`;
    problems.push({ code: 'until-before-from', severity: 'error', path: ['contracts', i, 'until'], message });
  });
  return problems;
}

const isDate = (text: string): boolean => {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
};

function groupMembers(map: HospitalMap): MapProblem[] {
  const groupOf = new Map<string, string>();
  const problems: MapProblem[] = [];
  map.startTogether.forEach(({ id, members }, i) => {
    members.forEach((member, j) => {
      const short = shortReference(member, map.establishment.id);
      const before = groupOf.get(short);
      groupOf.set(short, id);
      if (before === undefined) return;
      const path = ['startTogether', i, 'members', j];
      if (before === id) {
        const message = `\`${id}\` names \`${member}\` twice`;
        problems.push({ code: 'member-twice', severity: 'error', path, message });
        return;
      }
      const message = `\`${member}\` is started with \`${before}\` already: make \`${before}\` and \`${id}\` one group`;
      problems.push({ code: 'in-two-groups', severity: 'error', path, message });
    });
  });
  return problems;
}

function careOfSupplier({ establishment, careFunctions }: HospitalMap): MapProblem[] {
  const [first] = careFunctions;
  if (establishment.kind !== 'supplier' || first === undefined) return [];
  const message = `\`${establishment.id}\` is a supplier, which gives no care: \`${first.id}\` belongs to an establishment's map`;
  return [{ code: 'care-at-supplier', severity: 'error', path: ['careFunctions', 0, 'id'], message }];
}
