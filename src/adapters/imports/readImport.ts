import { accept, type Result, refuse } from '../../journal/result.ts';
import { type Imported, Problems } from '../../map/import/imported.ts';
import { idOf } from '../../map/import/names.ts';
import { tooLarge } from './files.ts';
import { readGlpi } from './glpi/read.ts';
import { parsedJson } from './json.ts';
import { bytesMax, filesMax } from './limits.ts';
import { readMercator } from './mercator/read.ts';
import { sqlTables } from './mercator/sql.ts';
import { readNetbox } from './netbox/read.ts';
import { type Columns, headed } from './table/columns.ts';
import { csvSheet } from './table/csv.ts';
import { readRows } from './table/read.ts';
import type { Sheet } from './table/rows.ts';
import { xlsxSheets } from './table/xlsx.ts';
import { decoded } from './text.ts';
import { readYaml } from './yaml/read.ts';

/** One file of an import: its name, as a person knows it, and what it holds. */
export interface ImportFile {
  name: string;
  bytes: Uint8Array;
}

export const importKinds = ['csv', 'xlsx', 'mercator', 'netbox', 'glpi', 'yaml'] as const;
export type ImportKind = (typeof importKinds)[number];

export interface ImportOptions {
  /** Name of the source, where one tool is several (two NetBoxes, two tables): `origin.from` of what it tells of. */
  from?: string | undefined;
  /** What a person said the columns of a table mean. */
  columns?: Partial<Columns> | undefined;
  /** Whether all that the tool knows is here, so that what is missing is gone. Else: what that kind of source usually is. */
  isComplete?: boolean | undefined;
}

/** What was read of a source. `columns`: for a table, what its columns were taken to mean, to be shown, corrected and kept. */
export interface Read extends Imported {
  columns?: Columns;
}

/** What a source is called where nobody says: its tool, or the file of a table. */
export function sourceName(kind: ImportKind, files: readonly ImportFile[]): string {
  if (kind !== 'csv' && kind !== 'xlsx') return kind;
  return `table:${idOf((files[0]?.name ?? '').replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, ''))}`;
}

/** Reads what another tool knows, whatever the bytes. Refused only where nothing of it can be understood. */
export async function readImport(
  kind: ImportKind,
  files: readonly ImportFile[],
  options: ImportOptions = {},
): Promise<Result<Read>> {
  const bytes = files.reduce((total, file) => total + file.bytes.byteLength, 0);
  const [first] = files;
  if (first === undefined)
    return refuse('import-empty', 'There is no file to read.', { kept: 'The map is unchanged.' });
  if (bytes > bytesMax || files.length > filesMax) return tooLarge(first.name, bytes);
  switch (kind) {
    case 'csv':
    case 'xlsx':
      return readTable(first, options);
    case 'mercator':
      return readSql(first, options);
    case 'netbox':
      return readNetboxDump(first, options);
    case 'glpi':
      return readInventories(files, options);
    case 'yaml':
      return accept(readYaml(files, { from: options.from ?? 'yaml', isComplete: options.isComplete ?? false }));
  }
}

function readSql(file: ImportFile, options: ImportOptions): Result<Read> {
  const problems = new Problems();
  const text = decoded(file.bytes);
  if (text === undefined) return notA('dump of a database', file);
  const { tables, isWhole } = sqlTables(text, file.name, problems);
  const things = readMercator(tables, file.name, problems);
  if (things.length === 0) return notA('dump of Mercator', file);
  const from = options.from ?? 'mercator';
  // A dump that is cut says nothing of what is gone.
  return accept({ from, isComplete: (options.isComplete ?? true) && isWhole, things, problems: problems.all() });
}

function readNetboxDump(file: ImportFile, options: ImportOptions): Result<Read> {
  const problems = new Problems();
  const dump = parsedJson(file);
  if (!dump.ok) return dump;
  const things = readNetbox(dump.value, file.name, problems);
  if (things.length === 0) return notA('dump of NetBox (`manage.py dumpdata`)', file);
  const from = options.from ?? 'netbox';
  return accept({ from, isComplete: options.isComplete ?? true, things, problems: problems.all() });
}

/** One machine a file; one that cannot be read does not keep the others out. */
function readInventories(files: readonly ImportFile[], options: ImportOptions): Result<Read> {
  const problems = new Problems();
  const inventories: { file: string; inventory: unknown }[] = [];
  for (const file of files) {
    const parsed = parsedJson(file);
    if (parsed.ok) inventories.push({ file: file.name, inventory: parsed.value });
    else if (files.length === 1) return parsed;
    else {
      const { code, message, expected = '' } = parsed.refusal;
      problems.say({ file: file.name }, code, message, { expected, kept: 'the other files' });
    }
  }
  const things = readGlpi(inventories, problems);
  const [first] = files;
  if (things.length === 0 && first !== undefined) return notA('GLPI inventory (JSON)', first);
  return accept({
    from: options.from ?? 'glpi',
    isComplete: options.isComplete ?? false,
    things,
    problems: problems.all(),
  });
}

/** A table of either kind: people call both a spreadsheet. */
async function readTable(file: ImportFile, options: ImportOptions): Promise<Result<Read>> {
  const problems = new Problems();
  const isArchive = file.bytes[0] === 0x50 && file.bytes[1] === 0x4b;
  const sheets = isArchive ? await xlsxSheets(file.name, file.bytes, problems) : csvSheets(file, problems);
  if (!sheets.ok) return sheets;
  const wanted = options.columns?.sheet;
  for (const sheet of sheets.value.filter(({ sheet: name }) => wanted === undefined || name === wanted)) {
    const found = headed(sheet, options.columns);
    if (found === undefined) continue;
    const things = readRows(sheet, found, problems);
    const from = options.from ?? sourceName('csv', [file]);
    const { columns } = found;
    return accept({ from, isComplete: options.isComplete ?? false, things, problems: problems.all(), columns });
  }
  return noColumns(file, sheets.value);
}

function csvSheets(file: ImportFile, problems: Problems): Result<Sheet[]> {
  const text = decoded(file.bytes);
  if (text === undefined)
    return notA('text of rows and columns (CSV, in UTF-8, UTF-16 or Windows-1252), nor a workbook', file);
  return accept([csvSheet(file.name, text, problems)]);
}

function notA(what: string, { name }: ImportFile) {
  return refuse('import-unreadable', `This file is not a ${what}.`, {
    where: name,
    expected: `a ${what}`,
    kept: 'The map is unchanged.',
    cure: 'Save it again from the tool it comes from.',
  });
}

function noColumns({ name }: ImportFile, sheets: readonly Sheet[]) {
  const headings = (sheets[0]?.rows[0]?.cells ?? []).slice(0, 20).map((cell) => `\`${cell.slice(0, 40)}\``);
  return refuse('import-columns-unknown', 'None of its columns says what its rows are called.', {
    where: name,
    expected: `a column such as Nom, Application, Serveur or id; found ${headings.join(', ') || 'nothing'}`,
    kept: 'The map is unchanged.',
    cure: 'Say what each column means.',
  });
}
