/** One sheet of cells, whatever file it came from. */
export interface Sheet {
  file: string;
  /** Name of the sheet; absent for a file that is one. */
  sheet?: string;
  rows: Row[];
}
export interface Row {
  /** Line of the file, or row of the sheet, from 1. */
  at: number;
  cells: string[];
}

/** Rows read of one table, and cells of one row: more is no list of things a person keeps. */
export const rowsMax = 100_000;
export const cellsMax = 500;
