import type { Problems } from '../../../map/import/imported.ts';
import { lettersMax, thingsMax } from '../limits.ts';

/** One row of a dump: its fields by column, as texts; null where the dump says NULL. */
export interface SqlRow {
  fields: { readonly [column: string]: string | null };
  line: number;
}
export type SqlTables = ReadonlyMap<string, readonly SqlRow[]>;

/** Rows read of one dump, all tables together. */
const rowsMax = thingsMax * 10;
/** Columns of one table: a table of more is none of a cartography. */
const columnsMax = 500;

/**
 * The rows of a database's dump, by MariaDB, MySQL or PostgreSQL: INSERT and COPY statements, nothing else is looked at and
 * nothing is run. Each statement stands for itself: what is cut or broken is said, and reading goes on after it.
 */
export function sqlTables(text: string, file: string, problems: Problems): { tables: SqlTables; isWhole: boolean } {
  const reader = new SqlReader(text, file, problems);
  reader.readAll();
  return { tables: reader.tables, isWhole: reader.isWhole };
}

type Value = string | null;

class SqlReader {
  readonly tables = new Map<string, SqlRow[]>();
  isWhole = true;
  readonly #text: string;
  readonly #file: string;
  readonly #problems: Problems;
  readonly #columns = new Map<string, string[]>();
  /** MySQL writes `\'`; PostgreSQL only ''. */
  readonly #hasBackslashes: boolean;
  #at = 0;
  #rows = 0;

  constructor(text: string, file: string, problems: Problems) {
    this.#text = text;
    this.#file = file;
    this.#problems = problems;
    this.#hasBackslashes = text.includes('`');
  }

  readAll(): void {
    while (this.#at < this.#text.length && this.#rows < rowsMax) {
      this.#skip(between);
      this.#skipSpace();
      const start = this.#at;
      if (this.#word('INSERT')) this.#insert(start);
      else if (this.#word('COPY')) this.#copy(start);
      else if (this.#word('CREATE')) this.#create();
      else this.#skipStatement();
      // Never twice at the same place.
      if (this.#at === start) this.#at += 1;
    }
    if (this.#rows < rowsMax) return;
    this.isWhole = false;
    this.#say(this.#at, 'too-many-rows', `more than ${rowsMax} rows`, 'the rows before');
  }

  #say(at: number, code: string, message: string, kept: string): void {
    this.#problems.say({ file: this.#file, row: this.#lineOf(at) }, code, message, {
      expected: 'a dump of the database, whole',
      kept,
    });
  }

  #line = { at: 0, number: 1 };
  /** The line of a place; asked in the order of the file, so that each line is counted once. */
  #lineOf(at: number): number {
    let { at: from, number } = this.#line;
    for (let end = this.#text.indexOf('\n', from); end >= 0 && end < at; end = this.#text.indexOf('\n', from)) {
      from = end + 1;
      number += 1;
    }
    this.#line = { at: from, number };
    return number;
  }

  #insert(start: number): void {
    if (!this.#word('INTO')) {
      this.#skipStatement();
      return;
    }
    const table = this.#name();
    const columns = this.#peek('(') ? this.#names() : this.#columns.get(table ?? '');
    if (table === undefined || !this.#word('VALUES')) {
      this.#skipStatement();
      return;
    }
    for (;;) {
      const at = this.#at;
      const values = this.#values();
      if (values === undefined) {
        this.isWhole = false;
        const end = this.#at >= this.#text.length;
        this.#say(
          at,
          end ? 'sql-truncated' : 'sql-broken',
          `\`${table}\`: ${end ? 'the file ends inside a row' : 'a row cannot be read'}`,
          'the rows before it',
        );
        if (!end) this.#skipStatement();
        return;
      }
      this.#put(table, columns, values, at);
      if (this.#char(',')) continue;
      this.#skipStatement();
      if (this.#text[this.#at - 1] !== ';' && this.#at >= this.#text.length) {
        this.isWhole = false;
        this.#say(start, 'sql-truncated', `\`${table}\`: the file ends inside a statement`, 'the rows read');
      }
      return;
    }
  }

  #put(table: string, columns: readonly string[] | undefined, values: readonly Value[], at: number): void {
    if (columns === undefined || columns.length !== values.length) {
      this.isWhole = false;
      const expected =
        columns === undefined ? 'no column has a name' : `${columns.length} columns, ${values.length} values`;
      this.#say(at, 'sql-columns', `\`${table}\`: ${expected}`, 'the other rows');
      return;
    }
    const rows = this.tables.get(table) ?? [];
    this.tables.set(table, rows);
    rows.push({
      fields: Object.fromEntries(columns.map((column, i) => [column, values[i] ?? null])),
      line: this.#lineOf(at),
    });
    this.#rows += 1;
  }

  /** `COPY public.sites (id, name) FROM stdin;` and lines of cells between tabs, up to `\.` */
  #copy(start: number): void {
    const table = this.#name();
    const columns = this.#peek('(') ? this.#names() : this.#columns.get(table ?? '');
    this.#skipStatement();
    if (table === undefined) return;
    let at = this.#text.indexOf('\n', this.#at) + 1;
    while (at > 0 && at < this.#text.length && this.#rows < rowsMax) {
      const end = this.#text.indexOf('\n', at);
      const line = this.#text.slice(at, end < 0 ? undefined : end).replace(/\r$/, '');
      if (line === '\\.') {
        this.#at = end < 0 ? this.#text.length : end;
        return;
      }
      if (end < 0) break;
      this.#put(table, columns, line.split('\t', columnsMax).map(copied), at);
      at = end + 1;
    }
    this.#at = this.#text.length;
    this.isWhole = false;
    this.#say(start, 'sql-truncated', `\`${table}\`: the file ends inside its rows`, 'the rows read');
  }

  /** The columns of a table, for dumps whose INSERT statements do not name them. */
  #create(): void {
    if (!this.#word('TABLE')) {
      this.#skipStatement();
      return;
    }
    if (this.#word('IF')) for (const word of ['NOT', 'EXISTS']) this.#word(word);
    const table = this.#name();
    const names: string[] = [];
    if (table !== undefined && this.#char('(')) {
      while (this.#at < this.#text.length && names.length < columnsMax) {
        const isQuoted = this.#peek('`') || this.#peek('"');
        const name = this.#name();
        if (name === undefined) break;
        if (isQuoted || !/^(?:PRIMARY|UNIQUE|KEY|CONSTRAINT|FOREIGN|INDEX|FULLTEXT|CHECK|SPATIAL)$/i.test(name))
          names.push(name);
        if (!this.#skipColumn()) break;
      }
      this.#columns.set(table, names);
    }
    this.#skipStatement();
  }

  /** To the comma after a column's definition; false at the last one. */
  #skipColumn(): boolean {
    for (let depth = 0; this.#at < this.#text.length; ) {
      const char = this.#text[this.#at] ?? '';
      if (char === "'" || char === '"' || char === '`') {
        this.#quoted(char);
        continue;
      }
      if (char === ';') return false;
      this.#at += 1;
      if (char === '(') depth += 1;
      if (char === ')' && depth-- === 0) return false;
      if (char === ',' && depth === 0) return true;
    }
    return false;
  }

  #values(): Value[] | undefined {
    if (!this.#char('(')) return undefined;
    const values: Value[] = [];
    while (values.length <= columnsMax) {
      const value = this.#value();
      if (value === undefined) return undefined;
      values.push(value);
      if (this.#char(',')) continue;
      return this.#char(')') ? values : undefined;
    }
    return undefined;
  }

  #value(): Value | undefined {
    this.#skipSpace();
    const char = this.#text[this.#at] ?? '';
    if (char === "'") return this.#quoted(char);
    if (/[eEbBxXnN]/.test(char) && this.#text[this.#at + 1] === "'") {
      this.#at += 1;
      return this.#quoted("'", char === 'e' || char === 'E');
    }
    const start = this.#at;
    while (this.#at < this.#text.length && !/[\s,();']/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    const word = this.#text.slice(start, Math.min(this.#at, start + lettersMax));
    if (word === '') return undefined;
    return /^null$/i.test(word) ? null : word;
  }

  /** A quoted text, of which so many letters are kept; undefined: it does not end. */
  #quoted(quote: string, hasBackslashes = this.#hasBackslashes): string | undefined {
    this.#at += 1;
    let value = '';
    while (this.#at < this.#text.length) {
      const start = this.#at;
      this.#skip(quote === "'" ? untilQuote : untilName);
      if (value.length < lettersMax) value += this.#text.slice(start, Math.min(this.#at, start + lettersMax));
      const char = this.#text[this.#at] ?? '';
      if (char === '\\' && hasBackslashes) {
        const next = this.#text[this.#at + 1] ?? '';
        if (value.length < lettersMax) value += escapes[next] ?? next;
        this.#at += 2;
        continue;
      }
      if (char === quote) {
        if (this.#text[this.#at + 1] !== quote) {
          this.#at += 1;
          return value;
        }
        this.#at += 1;
      }
      if (value.length < lettersMax) value += char;
      this.#at += 1;
    }
    return undefined;
  }

  /** `public.sites`, backquoted, quoted or plain: its last part. */
  #name(): string | undefined {
    let name: string | undefined;
    do {
      this.#skipSpace();
      const char = this.#text[this.#at] ?? '';
      if (char === '`' || char === '"') name = this.#quoted(char, false);
      else {
        const found = /[A-Za-z_][\w$]{0,100}/y;
        found.lastIndex = this.#at;
        name = found.exec(this.#text)?.[0];
        this.#at += name?.length ?? 0;
      }
    } while (name !== undefined && this.#text[this.#at] === '.' && ++this.#at > 0);
    return name;
  }

  #names(): string[] | undefined {
    this.#char('(');
    const names: string[] = [];
    while (names.length < columnsMax) {
      const name = this.#name();
      if (name === undefined) return undefined;
      names.push(name);
      if (this.#char(')')) return names;
      if (!this.#char(',')) return undefined;
    }
    return undefined;
  }

  #word(word: string): boolean {
    this.#skipSpace();
    const end = this.#at + word.length;
    if (this.#text.slice(this.#at, end).toUpperCase() !== word || /\w/.test(this.#text[end] ?? '')) return false;
    this.#at = end;
    return true;
  }

  #peek(char: string): boolean {
    this.#skipSpace();
    return this.#text[this.#at] === char;
  }

  #char(char: string): boolean {
    const isThere = this.#peek(char);
    if (isThere) this.#at += 1;
    return isThere;
  }

  /** White space and comments. */
  #skipSpace(): void {
    for (;;) {
      this.#skip(space);
      if (this.#text.startsWith('/*', this.#at)) this.#to('*/');
      else if (this.#text.startsWith('--', this.#at) || this.#text[this.#at] === '#') this.#to('\n');
      else return;
    }
  }

  #to(mark: string): void {
    const at = this.#text.indexOf(mark, this.#at);
    this.#at = at < 0 ? this.#text.length : at + mark.length;
  }

  /** After the next semicolon that is in no text. */
  #skipStatement(): void {
    while (this.#at < this.#text.length) {
      this.#skip(plain);
      const char = this.#text[this.#at] ?? '';
      if (char === "'" || char === '`' || char === '"') this.#quoted(char);
      else if (this.#text.startsWith('/*', this.#at)) this.#to('*/');
      else if (this.#text.startsWith('--', this.#at)) this.#to('\n');
      else {
        this.#at += 1;
        if (char === ';') return;
      }
    }
  }

  #skip(run: RegExp): void {
    run.lastIndex = this.#at;
    if (run.test(this.#text)) this.#at = run.lastIndex;
  }
}

/** White space, what is nothing to a statement, and what stands between statements. */
const untilQuote = /[^'\\]+/y;
const untilName = /[^`"\\]+/y;
const space = /\s+/y;
const plain = /[^;'`"/-]+/y;
const between = /[\s;]+/y;

const escapes: { readonly [char: string]: string } = { n: '\n', r: '\r', t: '\t', '0': '', b: '', Z: '' };

/** One cell of COPY: `\N` is NULL. */
function copied(cell: string): Value {
  if (cell === '\\N') return null;
  return cell.slice(0, lettersMax).replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
}
