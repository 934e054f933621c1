import { describe, expect, test } from 'vitest';
import { ContentExaminer } from '../examine.ts';
import { PlainDump } from './plainDump.ts';

function rowsOf(text: string) {
  const dump = new PlainDump();
  dump.add(Buffer.from(text));
  return Object.fromEntries(dump.end().map(({ table, rows }) => [table, rows]));
}

const mysql = `-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: ehr
CREATE TABLE \`patients\` (
  \`id\` int NOT NULL,
  \`name\` varchar(50)
) ENGINE=InnoDB;
LOCK TABLES \`patients\` WRITE;
INSERT INTO \`patients\` VALUES (1,'O\\'Brien; (x'),(2,'a\\\\'),(3,NULL);
INSERT INTO \`patients\` (\`id\`, \`name\`) VALUES (4,'INSERT INTO \`b\` VALUES (1)');
UNLOCK TABLES;
CREATE TABLE IF NOT EXISTS \`stays\` (\`id\` int);
INSERT  IGNORE INTO \`stays\` VALUES (1);
REPLACE INTO \`stays\` VALUES (2),(3);
CREATE TABLE \`empty\` (\`id\` int);
`;

describe('a dump in SQL', () => {
  test('as mysqldump writes it: rows of its INSERTs, quotes and backslashes read, tables never filled', () => {
    expect(rowsOf(mysql)).toEqual({ '`patients`': 4, '`stays`': 3, '`empty`': 0 });
  });

  test('of several databases: tables of each', () => {
    const one = 'CREATE TABLE public.a (id int);\nCOPY public.a (id) FROM stdin;\n1\n\\.\n\n';
    expect(rowsOf(`--\n-- PostgreSQL database cluster dump\n--\n\\connect ehr\n${one}\\connect lab\n${one}`)).toEqual({
      'ehr:public.a': 1,
      'lab:public.a': 1,
    });
  });

  test('cut in the middle of a table says nothing of that one; other texts say nothing at all', () => {
    expect(rowsOf('--\n-- PostgreSQL database dump\n--\nCOPY public.a (id) FROM stdin;\n1\n2\n')).toEqual({});
    expect(rowsOf('COPY public.a (id) FROM stdin;\n1\n\\.\n')).toEqual({});
  });
});

test('a dump in pg_dump’s own format that is too large to be held is said to be not counted', async () => {
  const piece = Buffer.from('PGDMP, of which this is the beginning');
  const examiner = new ContentExaminer(() => [], piece.length * 2);
  await examiner.window(piece, 0);
  await examiner.window(piece, 0);
  expect(examiner.end().notExamined).toContainEqual(expect.stringContaining('rows of its tables are not counted'));
});
