import { CsvError, parse } from 'csv-parse/sync';
import type { Problems } from '../../../map/import/imported.ts';
import { lettersMax } from '../limits.ts';
import { cellsMax, type Row, rowsMax, type Sheet } from './rows.ts';

const separators = [';', ',', '\t', '|'] as const;

/** Rows looked at to find the separator, and letters. */
const sampleRows = 20;
const sampleLetters = 64 * 1024;

/** Letters of one line: hundreds of full cells. A longer one is no list, and would be cut into millions of cells. */
const lineLettersMax = 100_000;

/** Reads comma-separated values whose separator nobody told: French spreadsheets write semicolons. */
export function csvSheet(file: string, whole: string, problems: Problems): Sheet {
  const text = withoutLongLines(file, whole, problems);
  const separator = separatorOf(text.slice(0, sampleLetters));
  const { rows, broken } = rowsOf(text, separator, rowsMax);
  if (broken !== undefined) {
    const expected = 'quotes that open and close, and double quotes inside quotes';
    problems.say({ file, row: broken.at }, 'broken-row', broken.message, { expected, kept: 'the rows before it' });
  }
  if (rows.length >= rowsMax) {
    const message = `more than ${rowsMax} rows`;
    problems.say({ file, row: rows.at(-1)?.at ?? 1 }, 'too-many-rows', message, { kept: `the first ${rowsMax}` });
  }
  return { file, rows };
}

function withoutLongLines(file: string, text: string, problems: Problems): string {
  const parts: string[] = [];
  let kept = 0;
  for (let from = 0, row = 1; from < text.length; row += 1) {
    const end = text.indexOf('\n', from);
    const next = end < 0 ? text.length : end;
    if (next - from > lineLettersMax) {
      const message = `a line of more than ${lineLettersMax} letters`;
      problems.say({ file, row }, 'line-too-long', message, { kept: `its first ${lineLettersMax} letters` });
      parts.push(text.slice(kept, from + lineLettersMax));
      kept = next;
    }
    from = next + 1;
  }
  return parts.length === 0 ? text : [...parts, text.slice(kept)].join('');
}

/** The separator that cuts the first rows into the most columns, the same number in each. */
function separatorOf(text: string): string {
  let best: string = ';';
  let most = 0;
  for (const separator of separators) {
    const counts = rowsOf(text, separator, sampleRows).rows.map(({ cells }) => cells.length);
    const [first = 0] = counts;
    const alike = counts.filter((count) => count === first).length / Math.max(1, counts.length);
    const score = (Math.max(0, ...counts) - 1) * alike;
    if (score > most) {
      best = separator;
      most = score;
    }
  }
  return best;
}

function rowsOf(
  text: string,
  separator: string,
  max: number,
): { rows: Row[]; broken?: { at: number; message: string } } {
  const rows: Row[] = [];
  let next = 1;
  try {
    parse(text, {
      delimiter: separator,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: lettersMax * 10,
      to: max,
      on_record: (record: string[], { lines }) => {
        const cells = record.slice(0, cellsMax).map((cell) => cell.slice(0, lettersMax));
        if (cells.some((cell) => cell.trim() !== '')) rows.push({ at: next, cells });
        next = lines + 1;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, broken: { at: next, message: error.message } };
  }
  return { rows };
}
