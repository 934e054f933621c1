import { deflateSync } from 'node:zlib';
import { customRows } from './customDump.ts';
import { bareRows, PlainDump } from './plainDump.ts';

const int = (value: number) => {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(value < 0 ? 1 : 0);
  bytes.writeUInt32LE(Math.abs(value), 1);
  return bytes;
};
const text = (value: string | null) =>
  value === null ? int(-1) : Buffer.concat([int(value.length), Buffer.from(value)]);

/** An archive of one table, as `pg_dump -Fc` writes it: format 1.14 with a level, 1.15 and 1.16 with an algorithm. */
function archive(version: number): Buffer {
  const lines = deflateSync(Buffer.from('1\ta\n2\tb\n\\.\n\n\n'));
  const compression = version < 15 ? int(-1) : Buffer.of(1);
  const names = ['ehr', '15.1', '15.1'].map(text);
  const entry = [
    int(7),
    int(1),
    text('0'),
    text('0'),
    text('patients'),
    text('TABLE DATA'),
    int(3),
    text(''),
    text(''),
  ];
  const rest = [text('COPY public.patients (id) FROM stdin;'), text('public'), text(''), text('')];
  const end = [
    ...(version < 16 ? [] : [int(114)]),
    text('owner'),
    text('false'),
    text('3'),
    text(null),
    Buffer.alloc(9),
  ];
  const block = [Buffer.of(1), int(7), int(lines.length), lines, int(0)];
  const blobs = [Buffer.of(3), int(8), int(100), int(2), Buffer.from('ab'), int(0), int(0)];
  const times = Array.from({ length: 7 }, () => int(1));
  const head = [Buffer.from('PGDMP'), Buffer.of(1, version, 0, 4, 8, 1), compression, ...times, ...names, int(1)];
  return Buffer.concat([...head, ...entry, ...rest, ...end, ...blobs, ...block]);
}

const plain = `--\n-- PostgreSQL database dump\n--\n${' '.repeat(400)}\n\\connect ehr\nCREATE TABLE public."a b" (id int);\nCOPY public."a b" (id) FROM stdin;\n1\n2\n\\.\nINSERT INTO public.c (x) VALUES (1, 'a''b;('), (2, E'\\'');\n`;
const mysql = `-- MySQL dump 10\n${' '.repeat(400)}\nINSERT  IGNORE INTO \`t\` VALUES (1,'a\\'b'),(2,'c');\nREPLACE INTO \`t\` VALUES (3);\n`;

/** Whatever the bytes: no exception but a reason, no more rows than bytes, and the same rows however they come in pieces. */
export const fuzz = {
  name: 'database dumps',
  seeds: (): Uint8Array[] => [
    ...[14, 15, 16].map(archive),
    Buffer.from(plain),
    Buffer.from(mysql),
    Buffer.from('1\t2\n\\.\n\n\n'),
  ],
  async run(input: Uint8Array): Promise<void> {
    const content = Buffer.from(input);
    const { rows } = await customRows(content);
    if (rows.some(({ rows: count }) => count < 0)) throw new Error('fewer rows than none');
    const bare = bareRows(content);
    if (bare !== undefined && (bare < 0 || bare > content.length)) throw new Error(`${bare} rows of a table`);
    const whole = rowsOf([content]);
    const pieces: Buffer[] = [];
    for (let at = 0; at < content.length; at += 13) pieces.push(content.subarray(at, at + 13));
    if (rowsOf(pieces) !== whole) throw new Error(`in pieces it holds ${rowsOf(pieces)}, whole ${whole}`);
  },
};

function rowsOf(pieces: readonly Buffer[]): string {
  const dump = new PlainDump();
  for (const piece of pieces) dump.add(Buffer.from(piece));
  return JSON.stringify(dump.end());
}
