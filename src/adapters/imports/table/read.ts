import type { Fields, ImportedSection, Problems, Told } from '../../../map/import/imported.ts';
import { idOf, sameName } from '../../../map/import/names.ts';
import { type Need, Reference } from '../../../map/model.ts';
import { line } from '../text.ts';
import { dateOf, kindOf, listOf, needOf, secondsOf, tierOf } from './cells.ts';
import type { Columns, Headed } from './columns.ts';
import { type Field, fieldsOf } from './fields.ts';
import type { Row, Sheet } from './rows.ts';

/** The things of a table whose columns are known; a row that is wrong in part goes on with the rest. */
export function readRows({ file, sheet, rows }: Sheet, { columns, headings, at }: Headed, problems: Problems): Told[] {
  const source = sheet === undefined ? file : `${file} (${sheet})`;
  const told: Told[] = [];
  for (const row of rows.slice(at + 1)) {
    const one = readRow(source, row, columns, headings, problems);
    if (one !== undefined) told.push(one);
  }
  return [...inPassing(told, source), ...told];
}

const expected: { readonly [cell in Field['cell']]: string } = {
  text: 'a text',
  words: 'a text',
  count: 'a whole number',
  number: 'a number above 0',
  duration: 'a duration such as 90 s, 12 min, 8 h or 1 j, or a unit in the heading: `RTO (h)`',
  reference: 'an id or a name',
  references: 'ids or names, separated by commas',
  needs: 'ids or names: `A, B` for both, `A | B` for one of the two',
  kind: 'a kind of component: application, serveur, machine virtuelle, base de données, onduleur…',
  tier: '1, 2 or 3 (1 is the most vital)',
  date: 'a date such as 31/12/2026',
};

function readRow(
  file: string,
  { at, cells }: Row,
  { table, columns, kind }: Columns,
  headings: readonly string[],
  problems: Problems,
): Told | undefined {
  const fields: { [field: string]: unknown } = {};
  let written: string | undefined;
  const needs: Need[] = [];
  for (const [index, heading] of headings.entries()) {
    const [named = '', unit] = columns[heading]?.split(':') ?? [];
    const field = fieldsOf(table)[named];
    const cell = cells[index]?.trim() ?? '';
    if (field === undefined || cell === '') continue;
    if (named === 'id') {
      written = line(cell);
      continue;
    }
    const value = cellValue(field, cell, unit);
    if (value === undefined) {
      const message = `\`${heading}\` is \`${line(cell).slice(0, 40)}\``;
      problems.say({ file, row: at, field: heading }, 'bad-cell', message, {
        expected: expected[field.cell],
        kept: 'the rest of the row',
      });
    } else if (field.cell === 'needs') needs.push(value as Need);
    else put(fields, field.path, value);
  }
  const name = nameOf(fields) ?? written;
  if (name === undefined) {
    const message = 'the row has neither a name nor an identifier';
    problems.say({ file, row: at }, 'nameless-row', message, { expected: 'a name', kept: 'the other rows' });
    return undefined;
  }
  if (nameOf(fields) === undefined && written !== undefined) put(fields, nameField(table), name);
  const [first] = needs;
  if (first !== undefined) fields.needs = needs.length > 1 ? { all: needs } : first;
  // An id people wrote is kept as it is where it can be.
  const id = written === undefined ? idOf(name) : Reference.safeParse(written).success ? written : idOf(written);
  const otherwise = table === 'components' && fields.kind === undefined ? { kind: kind ?? 'application' } : {};
  return {
    section: table,
    key: written ?? sameName(name),
    id,
    name,
    known: fields,
    otherwise,
    place: { file, row: at },
  };
}

const nameField = (table: ImportedSection): readonly string[] => (table === 'suppliers' ? ['name'] : ['name', 'fr']);

function nameOf({ name }: Fields): string | undefined {
  if (typeof name === 'string') return name;
  const words = name as { fr?: string; en?: string } | undefined;
  return words?.fr ?? words?.en;
}

function cellValue({ cell: kind }: Field, cell: string, unit: string | undefined): unknown {
  switch (kind) {
    case 'text':
    case 'words':
    case 'reference':
      return line(cell) || undefined;
    case 'references': {
      const list = listOf(cell);
      return list.length === 0 ? undefined : list;
    }
    case 'needs':
      return needOf(cell);
    case 'count':
      return /^\d{1,6}$/.test(cell) ? Number(cell) : undefined;
    case 'number': {
      const number = Number(cell.replace(',', '.'));
      return Number.isFinite(number) && number > 0 ? number : undefined;
    }
    case 'duration':
      return secondsOf(cell, unit);
    case 'kind':
      return kindOf(cell);
    case 'tier':
      return tierOf(cell);
    case 'date':
      return dateOf(cell);
  }
}

function put(fields: { [field: string]: unknown }, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    fields[first] = value;
    return;
  }
  const inside = { ...(fields[first] as Fields | undefined) };
  put(inside, rest, value);
  fields[first] = inside;
}

/** Suppliers, sites and teams that a table only names: each becomes one where the map has none of that name. */
function inPassing(told: readonly Told[], file: string): Told[] {
  const found = new Map<string, Told>();
  for (const { known, place } of told) {
    for (const [field, section] of [
      ['supplier', 'suppliers'],
      ['site', 'sites'],
      ['team', 'teams'],
    ] as const) {
      const name = known[field];
      if (typeof name !== 'string' || name.includes(':')) continue;
      const key = sameName(name);
      if (found.has(`${section} ${key}`)) continue;
      const otherwise = { name: section === 'suppliers' ? name : { fr: name } };
      found.set(`${section} ${key}`, {
        section,
        key,
        id: idOf(name),
        name,
        known: {},
        otherwise,
        place: { ...place, file },
      });
    }
  }
  return [...found.values()];
}
