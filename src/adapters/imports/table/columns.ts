import { z } from 'zod';
import { sameName } from '../../../map/import/names.ts';
import { ComponentKind } from '../../../map/model.ts';
import { kindOf } from './cells.ts';
import { fieldsOf, guessed, type TableName, tableNames } from './fields.ts';
import type { Row, Sheet } from './rows.ts';

/** What the columns of a table mean. Guessed, shown, corrected by a person, and given back at the next import. */
export const Columns = z.strictObject({
  table: z.enum(['components', 'careFunctions', 'wards', 'suppliers', 'sites', 'teams', 'contracts']),
  /** Heading, as written: the field it means, `mtpd:h` for one in hours; null: left out. */
  columns: z.record(z.string(), z.string().nullable()),
  /** Kind of the components, where no column says it. */
  kind: ComponentKind.optional(),
  /** Which sheet of a workbook; absent: the first that reads as a table. */
  sheet: z.string().optional(),
});
export type Columns = z.infer<typeof Columns>;

/** Rows looked at for the headings: people write titles above their tables. */
const titleRowsMax = 20;

export interface Headed {
  columns: Columns;
  headings: readonly string[];
  /** Index of the row of headings. */
  at: number;
}

/** The row of headings, and what its columns mean: what a person said of them before, else the likeliest table. */
export function headed({ file, sheet, rows }: Sheet, given: Partial<Columns> = {}): Headed | undefined {
  let best: (Headed & { score: number }) | undefined;
  const candidates = given.table === undefined ? tableNames : [given.table];
  for (const [at, row] of rows.slice(0, titleRowsMax).entries()) {
    for (const table of candidates) {
      const found = read(table, row, given);
      if (best === undefined || found.score > best.score) best = { ...found, at };
    }
  }
  if (best === undefined || best.score <= 0) return undefined;
  const { score: _score, ...heading } = best;
  const kind = given.kind ?? kindFrom(heading, sheet ?? file);
  return {
    ...heading,
    columns: {
      ...heading.columns,
      ...(kind === undefined ? {} : { kind }),
      ...(sheet === undefined ? {} : { sheet }),
    },
  };
}

function read(table: TableName, { cells }: Row, given: Partial<Columns>): Omit<Headed, 'at'> & { score: number } {
  const columns: { [heading: string]: string | null } = {};
  const taken = new Set<string>();
  const headings = cells.map((cell) => cell.trim());
  let score = 0;
  const isCalled = headings.some((heading) => ['name', 'id'].includes(guessed(table, heading) ?? ''));
  // `Serveur;Site`: a list of servers, called by their kind.
  const byKind =
    table === 'components' && !isCalled ? headings.find((heading) => kindOf(heading) !== undefined) : undefined;
  for (const heading of headings) {
    if (heading === '' || heading in columns) continue;
    const said = given.columns?.[heading];
    const guess = heading === byKind ? 'name' : (guessed(table, heading) ?? null);
    const meant = said === undefined ? guess : said;
    const field = meant?.split(':')[0];
    const isNew = field !== undefined && field in fieldsOf(table) && (!taken.has(field) || field === 'needs');
    columns[heading] = isNew || said !== undefined ? meant : null;
    if (!isNew) continue;
    taken.add(field);
    // A heading that names the table's own things weighs more: `Fournisseur` alone is a column of suppliers.
    score += field === 'name' ? 1.5 : 1;
  }
  const isNamed = taken.has('name') || taken.has('id');
  return { columns: { table, columns }, headings, score: isNamed ? score / Math.sqrt(headings.length + 1) : 0 };
}

/** `Serveurs.csv`, or a heading `Application`: the kind of all its components. */
function kindFrom({ columns, headings }: Headed, named: string): Columns['kind'] {
  if (columns.table !== 'components' || Object.values(columns.columns).includes('kind')) return undefined;
  const heading = headings.find((one) => columns.columns[one] === 'name') ?? '';
  const words = [heading, named.replace(/\.[^.]*$/, '')].flatMap((text) => sameName(text).split(' '));
  return words.map(kindOf).find((kind) => kind !== undefined);
}
