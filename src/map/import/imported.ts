import type { Result } from '../../journal/result.ts';
import type { Section } from '../change/change.ts';
import type { HospitalMap } from '../model.ts';

/** What an import may tell of. Rings started together are a person's decision: no tool tells of them. */
export type ImportedSection = Exclude<Section, 'startTogether'>;

/** Fields of a thing in the shape of the model. References are as the source writes them: ids, or names. */
export interface Fields {
  readonly [field: string]: unknown;
}

/** One thing a tool tells of. */
export interface Told {
  section: ImportedSection;
  /** What the tool calls it: the same from one export to the next. */
  key: string;
  /** Its id on the map where it is new and that id is free; what the import's own references call it. */
  id: string;
  /** What it is called in the source, where that is no field it knows of (a supplier named in passing). */
  name: string;
  /** What the tool knows. A field it does not know is left as the map has it. */
  known: Fields;
  /** What a thing new to the map has besides. */
  otherwise: Fields;
  place: Place;
}

/** Where in the source: a row of a table, a record of a dump. */
export interface Place {
  file: string;
  /** Line or row, from 1. */
  row?: number;
  /** Column heading, table and field, as the source names them. */
  field?: string;
}

export interface ImportProblem extends Place {
  /** In a text written by a person: the character of the line, from 1. */
  column?: number;
  code: string;
  message: string;
  expected?: string;
  kept?: string;
}

/** What was read, whatever the tool. */
export interface Imported {
  /** The tool, as `origin.from` of what it tells of: `mercator`, `netbox`, `table:applications`. */
  from: string;
  /** All the tool knows of is here: what it told of before and is not here any more is gone. */
  isComplete: boolean;
  things: Told[];
  /** The source is a map in its own words, and this is all it tells of; or why it is none. */
  map?: Result<HospitalMap>;
  problems: ImportProblem[];
}

/** Problems listed before the rest is only counted: nobody corrects more at once. */
const problemsMax = 500;

/** Problems of one import, the first ones in full and the others counted. */
export class Problems {
  readonly list: ImportProblem[] = [];
  #more = 0;

  say(place: Place, code: string, message: string, more: { expected?: string; kept?: string } = {}): void {
    if (this.list.length < problemsMax) this.list.push({ ...place, code, message, ...more });
    else this.#more += 1;
  }

  all(): ImportProblem[] {
    const [first] = this.list;
    if (this.#more === 0 || first === undefined) return this.list;
    const message = `${this.#more} more problems, not listed: correct these first`;
    return [...this.list, { file: first.file, code: 'too-many-problems', message }];
  }
}
