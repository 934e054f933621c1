import { createInflate, createZstdDecompress } from 'node:zlib';
import { unfolded } from '../archives/unfolded.ts';
import { PlainDump, type TableRows, tablesMax } from './plainDump.ts';

/** Rows are counted as they unfold, nothing is kept; a dump that unfolds to more is not counted to its end. */
const unfoldedBytesMax = 2 * 1024 * 1024 * 1024;
const entriesMax = 1_000_000;

/** Archive formats of PostgreSQL 12 to 18 (pg_backup_archiver.h, K_VERS_1_14 to K_VERS_1_16). */
const versionMin = 14;
const versionMax = 16;
const [custom, blockData, blockBlobs] = [1, 1, 3];
const compressions = ['none', 'gzip', 'lz4', 'zstd'];

interface CustomRows {
  rows: TableRows[];
  /** Why it was not counted, or not to its end. */
  notCounted?: string;
}

class Unreadable extends Error {}

interface TableData {
  table: string;
  isCopy: boolean;
}

export const isCustomDump = (content: Buffer): boolean => content.toString('latin1', 0, 5) === 'PGDMP';

/**
 * Rows of the tables of an archive as `pg_dump -Fc` writes it (pg_backup_archiver.c, WriteHead and WriteToc; pg_backup_custom.c): its table
 * of contents, then blocks of data, each a table's lines as COPY has them or its INSERTs, compressed or not.
 */
export async function customRows(content: Buffer): Promise<CustomRows> {
  const rows: TableRows[] = [];
  try {
    const reader = new Reader(content);
    const { version, format, compression } = head(reader);
    if (format !== custom) return { rows };
    const tables = contents(reader, version);
    // A table of which no block of data comes is left out: nothing is known of it.
    let left = unfoldedBytesMax;
    while (!reader.isAtEnd) {
      const kind = reader.byte();
      const number = reader.int();
      if (kind === blockBlobs) {
        while (reader.int() !== 0) for (const _piece of chunks(reader));
        continue;
      }
      if (kind !== blockData) throw new Unreadable('a block is of no known kind');
      const pieces = [...chunks(reader)];
      const data = tables.get(number);
      if (data === undefined) continue;
      if (compression === 'lz4') return { rows, notCounted: 'rows of its tables are not counted: compressed with lz4' };
      const dump = PlainDump.ofTable(data.table, data.isCopy);
      for await (const piece of plain(pieces, compression)) {
        left -= piece.length;
        if (left < 0)
          return {
            rows,
            notCounted: `rows of its tables are not all counted: unfolds to more than ${unfoldedBytesMax} bytes`,
          };
        dump.add(piece);
      }
      const counted = dump.end();
      if (data.isCopy && counted.length === 0) throw new Unreadable(`the lines of ${data.table} do not end`);
      rows.push({ table: data.table, rows: counted.reduce((sum, table) => sum + table.rows, 0) });
      if (rows.length >= tablesMax)
        return { rows, notCounted: `rows of more than ${tablesMax} tables are not counted` };
    }
    return { rows };
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    return { rows, notCounted: `rows of its tables are not all counted: ${why}` };
  }
}

function head(reader: Reader): { version: number; format: number; compression: string } {
  reader.skip(5);
  const [major, version] = [reader.byte(), reader.byte()];
  reader.skip(1);
  if (major !== 1 || version < versionMin || version > versionMax)
    throw new Unreadable(`its format ${major}.${version} is not known`);
  reader.intBytes = reader.byte();
  reader.offsetBytes = reader.byte();
  if (reader.intBytes !== 4 || reader.offsetBytes !== 8) throw new Unreadable('its numbers are of an unusual size');
  const format = reader.byte();
  // Before 1.15 a level, 0 where nothing is compressed and -1 for the usual one; since, an algorithm.
  const compression =
    version < 15 ? (reader.int() === 0 ? 'none' : 'gzip') : (compressions[reader.byte()] ?? 'unknown');
  for (let part = 0; part < 7; part += 1) reader.int();
  for (let name = 0; name < 3; name += 1) reader.text();
  return { version, format, compression };
}

function contents(reader: Reader, version: number): Map<number, TableData> {
  const tables = new Map<number, TableData>();
  const count = reader.int();
  if (count < 0 || count > entriesMax) throw new Unreadable('its table of contents is too long');
  for (let entry = 0; entry < count; entry += 1) {
    const number = reader.int();
    reader.int();
    reader.text();
    reader.text();
    const [tag, kind] = [reader.text(), reader.text()];
    reader.int();
    reader.text();
    reader.text();
    const [copyWords, namespace] = [reader.text(), reader.text()];
    reader.text();
    reader.text();
    if (version >= 16) reader.int();
    reader.text();
    reader.text();
    while (reader.text() !== null);
    reader.skip(1 + reader.offsetBytes);
    if (kind !== 'TABLE DATA') continue;
    const table = namespace === null || namespace === '' ? (tag ?? '') : `${namespace}.${tag ?? ''}`;
    tables.set(number, { table: table.slice(0, 280), isCopy: (copyWords ?? '') !== '' });
  }
  return tables;
}

function* chunks(reader: Reader): Generator<Buffer> {
  for (let length = reader.int(); length !== 0; length = reader.int()) yield reader.bytes(length);
}

function plain(pieces: Buffer[], compression: string): Iterable<Buffer> | AsyncIterable<Buffer> {
  if (compression === 'none' || pieces.length === 0) return pieces;
  return unfolded(pieces, compression === 'zstd' ? createZstdDecompress() : createInflate());
}

class Reader {
  intBytes = 4;
  offsetBytes = 8;
  readonly #content: Buffer;
  #at = 0;

  constructor(content: Buffer) {
    this.#content = content;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#content.length;
  }

  bytes(length: number): Buffer {
    if (length < 0 || this.#at + length > this.#content.length) throw new Unreadable('it ends before its content does');
    this.#at += length;
    return this.#content.subarray(this.#at - length, this.#at);
  }

  skip(length: number): void {
    this.bytes(length);
  }

  byte(): number {
    return this.bytes(1).readUInt8(0);
  }

  /** A byte for the sign, then the number from its lowest byte on. */
  int(): number {
    const isNegative = this.byte() !== 0;
    const value = this.bytes(this.intBytes).readUIntLE(0, 4);
    return isNegative ? -value : value;
  }

  text(): string | null {
    const length = this.int();
    return length < 0 ? null : this.bytes(length).toString('utf8');
  }
}
