import { expect, test } from 'vitest';
import { LineCounter, parseDocument } from 'yaml';
import { readChecksFile } from '../scheduler/checksFile.ts';
import { duplicateKeys, plainErrors } from './duplicateKeys.ts';

test('a field written twice is found at its second place, in each mapping for itself', () => {
  const lines = new LineCounter();
  const text = 'a: 1\nb: { a: 2, c: 3 }\n"1": x\n1: y\nlist:\n  - { d: 1, d: 2 }\na: 4\n';
  const found = duplicateKeys(parseDocument(text, { ...plainErrors, lineCounter: lines }));
  expect(found.map(({ offset }) => lines.linePos(offset))).toEqual([
    { line: 6, col: 13 },
    { line: 7, col: 1 },
  ]);
});

test('a file of checks where fields stand twice is refused at that place', () => {
  const { checks, problems } = readChecksFile('checks: []\nqueries: {}\nchecks: []\n', 'checks.yaml', []);
  expect(checks).toEqual([]);
  expect(problems).toMatchObject([{ line: 3, column: 1, code: 'yaml-syntax' }]);
});

test('a file in which everything is wrong says so of the first five hundred', () => {
  const wrong = Array.from({ length: 8_000 }, (_, at) => `unknown${at}: 1`).join('\n');
  expect(readChecksFile(wrong, 'checks.yaml', []).problems).toHaveLength(500);
});
