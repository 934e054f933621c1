import { describe, expect, it } from 'vitest';
import { pdfOf } from './pdf.ts';

describe('report files', () => {
  it('have a table of objects that points at each of them, on as many pages as needed', () => {
    const lines = Array.from({ length: 120 }, (_, index) => `Ligne ${index} (œil, n’est) \\`);
    const pdf = pdfOf(lines).toString('latin1');
    const table = Number(/startxref\n(\d+)\n/.exec(pdf)?.[1]);
    expect(pdf.slice(table, table + 4)).toBe('xref');
    const offsets = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n /gm)].map((match) => Number(match[1]));
    expect(offsets.length).toBe(3 + 2 * 3);
    for (const [index, offset] of offsets.entries())
      expect(pdf.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj\n`));
    expect(pdf).toContain('Ligne 119 \\(\x9cil, n\x92est\\) \\\\');
  });
});
