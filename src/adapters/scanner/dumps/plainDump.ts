import { InsertReader } from './insertReader.ts';

export interface TableRows {
  table: string;
  rows: number;
}

/** Most databases have some hundred tables, the largest hospital systems some thousands. */
export const tablesMax = 10_000;
const newline = 0x0a;
/** Of a line no more is read to know what it is. */
const startBytesMax = 65_536;
const heads = ['-- PostgreSQL database', '-- MySQL dump', '-- MariaDB dump'];
const headBytes = 400;
const identifier = '(?:"[^"]*"|`[^`]*`|[^\\s"`(])+';
const create = new RegExp(`^CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?(${identifier})`);
const copy = new RegExp(`^COPY (${identifier}) .*FROM stdin;\\s*$`);
const insert = /^(?:INSERT (?: ?IGNORE )?INTO|REPLACE INTO) $/;
const insertBytesMax = 'INSERT  IGNORE INTO '.length;

/**
 * Rows of each table of a dump in SQL, as pg_dump and mysqldump write it, in pieces: lines between `COPY name (…) FROM stdin;` and `\.`
 * (a newline inside a value is written `\n`, so a line is a row), and what follows `VALUES` of an `INSERT`. A table that is created and
 * never filled has none. A table in the middle of which the dump ends is left out.
 */
export class PlainDump {
  readonly #tables = new Map<string, number>();
  #head: Buffer | undefined = Buffer.alloc(0);
  #isDump = false;
  #start: Buffer = Buffer.alloc(0);
  #isRest = false;
  #copying: { table: string; rows: number } | undefined;
  #inserting: InsertReader | undefined;
  #database = '';
  #isEscaping = false;
  /** Whether there were more tables than are counted. */
  isCut = false;

  /** Rows of one table are given, without what stands around them in a dump. */
  static ofTable(table: string, isCopy: boolean): PlainDump {
    const dump = new PlainDump();
    dump.#head = undefined;
    dump.#isDump = true;
    if (isCopy) dump.#copying = { table, rows: 0 };
    return dump;
  }

  add(piece: Buffer): void {
    if (this.#head === undefined) {
      this.#read(piece);
      return;
    }
    const begun = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
    if (begun.length < headBytes) {
      this.#head = Buffer.from(begun);
      return;
    }
    this.#begin(begun);
    this.#read(begun);
  }

  #begin(content: Buffer): void {
    const head = content.toString('latin1', 0, headBytes);
    this.#head = undefined;
    this.#isDump = heads.some((mark) => head.includes(mark));
    this.#isEscaping = !head.includes('PostgreSQL');
  }

  #read(content: Buffer): void {
    if (!this.#isDump) return;
    for (let at = 0; at < content.length; )
      at = this.#inserting === undefined ? this.#line(content, at) : this.#values(content, at);
  }

  /** A content shorter than a head is one too. */
  end(): TableRows[] {
    if (this.#head !== undefined) {
      const content = this.#head;
      this.#begin(content);
      this.#read(content);
    }
    return [...this.#tables].map(([table, rows]) => ({ table, rows }));
  }

  #line(content: Buffer, from: number): number {
    const found = content.indexOf(newline, from);
    const to = found < 0 ? content.length : found;
    const start = this.#start;
    if (!this.#isRest && start.length < startBytesMax)
      this.#start =
        start.length === 0
          ? content.subarray(from, Math.min(to, from + startBytesMax))
          : Buffer.concat([start, content.subarray(from, to)]);
    if (this.#copying === undefined && !this.#isRest && this.#start.length >= insertBytesMax) {
      const words = insertWords(this.#start);
      if (words > 0) {
        this.#inserting = new InsertReader(this.#isEscaping);
        this.#inserting.read(start, words);
        this.#start = Buffer.alloc(0);
        return from + Math.max(0, words - start.length);
      }
    }
    if (found < 0) {
      // The piece it stands in is used again for the next.
      if (this.#start !== start) this.#start = Buffer.from(this.#start);
      return to;
    }
    if (!this.#isRest) this.#whole();
    this.#start = Buffer.alloc(0);
    this.#isRest = false;
    return to + 1;
  }

  #whole(): void {
    const start = this.#start;
    if (this.#copying !== undefined) {
      if (start.length === 2 && start.toString('latin1') === '\\.') {
        this.#count(this.#copying.table, this.#copying.rows);
        this.#copying = undefined;
      } else this.#copying.rows += 1;
      return;
    }
    const [first] = start;
    if (first !== 0x43 && first !== 0x5c) return;
    const line = start.toString('utf8');
    const copied = copy.exec(line)?.[1];
    if (copied !== undefined) this.#copying = { table: copied, rows: 0 };
    const created = create.exec(line)?.[1];
    if (created !== undefined) this.#count(created, 0);
    const connected = /^\\connect (?:-reuse-previous=on )?(\S+)/.exec(line)?.[1];
    if (connected !== undefined) this.#database = `${connected.slice(0, 100)}:`;
  }

  #values(content: Buffer, from: number): number {
    const reader = this.#inserting;
    const to = reader?.read(content, from) ?? content.length;
    if (reader?.isOver === true) {
      if (reader.table !== '') this.#count(reader.table, reader.rows);
      this.#inserting = undefined;
      this.#isRest = true;
    }
    return to;
  }

  #count(named: string, rows: number): void {
    const table = `${this.#database}${named.slice(0, 180)}`;
    const before = this.#tables.get(table);
    if (before === undefined && this.#tables.size >= tablesMax) this.isCut = true;
    else this.#tables.set(table, (before ?? 0) + rows);
  }
}

/** How many bytes the words take that begin an INSERT; 0 where it is none. */
function insertWords(start: Buffer): number {
  if (start[0] !== 0x49 && start[0] !== 0x52) return 0;
  const text = start.toString('latin1', 0, insertBytesMax);
  const end = text.indexOf('INTO ');
  return end > 0 && insert.test(text.slice(0, end + 5)) ? end + 5 : 0;
}

/** Rows of one table in a file of their own, as pg_dump's directory and tar formats hold them: lines up to `\.` at the end. */
export function bareRows(content: Buffer): number | undefined {
  if (content.length < 5 || (content.length > 5 && content[content.length - 6] !== newline)) return undefined;
  if (content.toString('latin1', content.length - 5) !== '\\.\n\n\n') return undefined;
  let rows = 0;
  for (let at = content.indexOf(newline); at >= 0; at = content.indexOf(newline, at + 1)) rows += 1;
  return rows - 3;
}
