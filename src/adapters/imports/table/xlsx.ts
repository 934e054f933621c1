import { accept, type Result, refuse } from '../../../journal/result.ts';
import type { Problems } from '../../../map/import/imported.ts';
import { lettersMax } from '../limits.ts';
import { cellsMax, type Row, rowsMax, type Sheet } from './rows.ts';
import { walkXml } from './xml.ts';
import { unzipped, ZipRefused } from './zip.ts';

/** Sheets read of one workbook. */
const sheetsMax = 50;
/** Cells one merge may stand for: a title across a whole table, not a whole sheet. */
const mergedCellsMax = 10_000;

/**
 * The sheets of a workbook (Office Open XML, ECMA-376) as rows of texts: shared and inline texts, numbers, booleans, dates as
 * YYYY-MM-DD; results of formulas as last computed. What is merged says the same in each of its cells.
 */
export async function xlsxSheets(file: string, bytes: Uint8Array, problems: Problems): Promise<Result<Sheet[]>> {
  try {
    const isWanted = (name: string) =>
      /^xl\/(?:workbook|sharedStrings|styles)\.xml$|^xl\/_rels\/workbook\.xml\.rels$|^xl\/worksheets\/[^/]+\.xml$/.test(
        name,
      );
    const parts = await unzipped(bytes, isWanted);
    const part = (name: string) => new TextDecoder().decode(parts.get(name) ?? new Uint8Array());
    if (!parts.has('xl/workbook.xml')) return notAWorkbook(file, 'it holds no workbook');
    const texts = parts.has('xl/sharedStrings.xml') ? sharedTexts(part('xl/sharedStrings.xml')) : [];
    const dates = parts.has('xl/styles.xml') ? dateStyles(part('xl/styles.xml')) : new Set<number>();
    const { sheets, starts1904 } = workbook(part('xl/workbook.xml'), part('xl/_rels/workbook.xml.rels'));
    const read: Sheet[] = [];
    for (const { name, path } of sheets.slice(0, sheetsMax)) {
      const found = parts.get(path);
      if (found === undefined) continue;
      read.push({
        file,
        sheet: name,
        rows: rowsOf(new TextDecoder().decode(found), { texts, dates, starts1904 }, file, name, problems),
      });
    }
    if (sheets.length > sheetsMax) {
      problems.say({ file }, 'too-many-sheets', `${sheets.length} sheets`, { kept: `the first ${sheetsMax}` });
    }
    return read.length === 0 ? notAWorkbook(file, 'it has no sheet') : accept(read);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return error instanceof ZipRefused ? tooLarge(file, why) : notAWorkbook(file, why);
  }
}

function notAWorkbook(where: string, why: string) {
  return refuse('import-unreadable', `This file is not a workbook: ${why}.`, {
    where,
    expected: 'an .xlsx workbook, without a password',
    kept: 'The map is unchanged.',
    cure: 'Open it in its spreadsheet and save it again as .xlsx, or as CSV.',
  });
}

function tooLarge(where: string, why: string) {
  return refuse('import-unfolds-too-large', `This workbook is not read: ${why}.`, {
    where,
    expected: 'a workbook of lists, as people keep them',
    kept: 'The map is unchanged.',
    cure: 'Copy the list alone to a new workbook.',
  });
}

/** Texts that cells refer to by number; what is written beside a text to be read aloud (phonetic) is not part of it. */
function sharedTexts(xml: string): string[] {
  const texts: string[] = [];
  let text: string | undefined;
  let isText = false;
  let isAloud = false;
  walkXml(xml, {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') isAloud = true;
      if (name === 't') isText = true;
    },
    close(name) {
      if (name === 'si') {
        texts.push(text ?? '');
        text = undefined;
      }
      if (name === 'rPh') isAloud = false;
      if (name === 't') isText = false;
    },
    text(said) {
      if (isText && !isAloud && text !== undefined && text.length < lettersMax) text += said;
    },
  });
  return texts;
}

/** Which cell styles show a number as a date: the built-in ones (14–22, 45–47), and formats of days, months, years or hours. */
function dateStyles(xml: string): Set<number> {
  const formats = new Map<number, string>();
  const dates = new Set<number>();
  let isCells = false;
  let style = 0;
  walkXml(xml, {
    open(name, attributes) {
      if (name === 'numFmt') formats.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (name === 'cellXfs') isCells = true;
      if (name !== 'xf' || !isCells) return;
      const id = Number(attributes.numFmtId ?? 0);
      const code = formats.get(id)?.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '') ?? '';
      if ((id >= 14 && id <= 22) || (id >= 45 && id <= 47) || /[dyjh]|m{3,}|a{2,}/i.test(code)) dates.add(style);
      style += 1;
    },
    close(name) {
      if (name === 'cellXfs') isCells = false;
    },
  });
  return dates;
}

function workbook(xml: string, relations: string): { sheets: { name: string; path: string }[]; starts1904: boolean } {
  const targets = new Map<string, string>();
  if (relations !== '') {
    walkXml(relations, {
      open(name, { Id, Target }) {
        if (name === 'Relationship' && Id !== undefined && Target !== undefined) {
          targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
        }
      },
    });
  }
  const sheets: { name: string; path: string }[] = [];
  let starts1904 = false;
  walkXml(xml, {
    open(name, attributes) {
      if (name === 'workbookPr') starts1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '');
      if (name !== 'sheet') return;
      const path = targets.get(attributes['r:id'] ?? '') ?? `xl/worksheets/sheet${sheets.length + 1}.xml`;
      sheets.push({ name: attributes.name ?? `${sheets.length + 1}`, path });
    },
  });
  return { sheets, starts1904 };
}

interface Book {
  texts: readonly string[];
  dates: ReadonlySet<number>;
  starts1904: boolean;
}

function rowsOf(xml: string, book: Book, file: string, sheet: string, problems: Problems): Row[] {
  const rows = new Map<number, string[]>();
  const merges: Range[] = [];
  let at = 0;
  let cell: { column: number; type: string; style: number } | undefined;
  let column = 0;
  let value = '';
  let isValue = false;
  let isCut = false;
  walkXml(xml, {
    open(name, attributes) {
      if (name === 'row') {
        at = Number(attributes.r ?? at + 1);
        column = 0;
      } else if (name === 'c') {
        column = attributes.r === undefined ? column + 1 : columnOf(attributes.r);
        cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0) };
        value = '';
      } else if (name === 'v' || name === 't') isValue = cell !== undefined;
      else if (name === 'mergeCell') {
        const range = rangeOf(attributes.ref ?? '');
        if (range !== undefined) merges.push(range);
      }
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false;
      if (name !== 'c' || cell === undefined) return;
      const said = textOf(value, cell.type, cell.style, book);
      if (said !== '' && cell.column <= cellsMax && cell.column > 0) {
        const cells = rows.get(at) ?? [];
        if (rows.has(at) || rows.size < rowsMax) rows.set(at, cells);
        else isCut = true;
        cells[cell.column - 1] = said;
      }
      cell = undefined;
    },
    text(said) {
      if (isValue && value.length < lettersMax) value += said;
    },
  });
  if (isCut)
    problems.say({ file, field: sheet }, 'too-many-rows', `more than ${rowsMax} rows`, {
      kept: `the first ${rowsMax}`,
    });
  for (const range of merges) spread(rows, range);
  return [...rows]
    .sort(([one], [other]) => one - other)
    .map(([number, cells]) => ({ at: number, cells: Array.from(cells, (one) => one ?? '') }));
}

interface Range {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** What the first cell of a merge says, each of them says. */
function spread(rows: Map<number, string[]>, { top, left, bottom, right }: Range): void {
  const said = rows.get(top)?.[left - 1];
  if (said === undefined || right > cellsMax || (bottom - top + 1) * (right - left + 1) > mergedCellsMax) return;
  for (let row = top; row <= bottom; row += 1) {
    const cells = rows.get(row) ?? [];
    // A row that only the merge reaches into is no row of the table.
    if (!rows.has(row)) continue;
    for (let column = left; column <= right; column += 1) cells[column - 1] = said;
  }
}

function rangeOf(reference: string): Range | undefined {
  const [from, to = from] = reference.split(':');
  const rowOf = (cell: string) => Number(/\d+$/.exec(cell)?.[0] ?? Number.NaN);
  if (from === undefined || to === undefined) return undefined;
  const range = { top: rowOf(from), left: columnOf(from), bottom: rowOf(to), right: columnOf(to) };
  return Object.values(range).every((one) => one >= 1) && range.bottom >= range.top && range.right >= range.left
    ? range
    : undefined;
}

/** `AB12` is column 28. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}

function textOf(value: string, type: string, style: number, { texts, dates, starts1904 }: Book): string {
  if (type === 's') return texts[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'true' : 'false';
  // An error is no value.
  if (type === 'e') return '';
  if (type === 'n' && dates.has(style)) return dateOf(Number(value), starts1904) ?? value;
  return value;
}

/** Days since 1899-12-30, or since 1904-01-01 in workbooks that say so; a time of day alone as HH:MM. */
function dateOf(serial: number, starts1904: boolean): string | undefined {
  if (!Number.isFinite(serial) || serial < 0 || serial > 3_000_000) return undefined;
  if (serial < 1) {
    const minutes = Math.round(serial * 24 * 60);
    return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  }
  const epoch = starts1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  return new Date(epoch + Math.floor(serial) * 86_400_000).toISOString().slice(0, 10);
}
