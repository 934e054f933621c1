import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../journal/event.ts';
import { createLineReader, linesOf } from './snapshotLines.ts';

function again(lines: Iterable<string>): Json {
  const reader = createLineReader();
  for (const line of lines) reader.add(line);
  return reader.state();
}

const row = (n: number): Json => ({ id: `component-${n}`, needs: { all: [n, `${n}`, null] }, up: n % 2 === 0 });
const rows = Array.from({ length: 5_000 }, (_, n) => row(n));

describe("a snapshot's lines", () => {
  it('give back any plain data, fields in their order', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const state = JSON.parse(JSON.stringify(value));
        expect(JSON.stringify(again(linesOf(state)))).toBe(JSON.stringify(state));
      }),
    );
  });

  it.each<[string, Json]>([
    ['a long list', rows],
    ['a long record', Object.fromEntries(rows.map((one, n) => [`__${n}`, one]))],
    ['large things among small ones', { a: 1, rows, '': { rows, b: [rows, 2, rows] }, last: [[], {}] }],
    ['one text longer than a line', { before: [1], text: 'é🏥"\n'.repeat(50_000), after: { a: {} } }],
    ['names that are not only names', JSON.parse(`{"__proto__": ${JSON.stringify(rows)}, "constructor": 1, "": ""}`)],
  ])('are many, and short, for %s', (_, state) => {
    const lines = [...linesOf(state)];
    expect(lines.length).toBeGreaterThan(3);
    // One value that cannot be cut is a line of its own, however long.
    expect(lines.filter((line) => line.length > 65_536 && !line.startsWith('+{"text":"')).length).toBe(0);
    expect(lines.every((line) => !line.includes('\n'))).toBe(true);
    expect(JSON.stringify(again(lines))).toBe(JSON.stringify(state));
  });

  it('leave out what is undefined, as JSON does', () => {
    const state = { a: undefined, rows, b: [undefined, 1] } as unknown as Json;
    expect(JSON.stringify(again(linesOf(state)))).toBe(JSON.stringify(state));
  });

  it('are refused when some are missing, or are something else', () => {
    const lines = [...linesOf({ rows })];
    expect(() => again(lines.slice(0, -1))).toThrow('ends too early');
    expect(() => again([...lines, ']'])).toThrow('closed more');
    expect(() => again([])).toThrow('ends too early');
    expect(() => again(['{"a":1}'])).toThrow();
    expect(() => again(['hello'])).toThrow('not a line');
  });
});
