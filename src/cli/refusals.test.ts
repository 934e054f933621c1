import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allRefusals } from '../words/fr/allRefusals.ts';
import { fr } from '../words/fr.ts';

const source = join(import.meta.dirname, '..');

/** What the code of the product refuses with, by the files that say so. */
function refusedCodes(): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.tsx?$/.test(path) || /\.(test|fuzz|contract)\.tsx?$|\/fixtures\//.test(path)) continue;
    for (const [, code = ''] of readFileSync(path, 'utf8').matchAll(/\brefuse\(\s*'([a-z0-9-]+)'/g))
      found.set(code, path);
  }
  return found;
}

describe('refusals', () => {
  it('have words in French, whatever they refuse', () => {
    const codes = refusedCodes();
    expect(codes.size).toBeGreaterThan(250);
    // Said by a map's check in place, never by themselves.
    const placed = new Map(Object.entries({ ...fr.mapEdit.problems, ...fr.mapImport.problems }));
    expect([...codes].filter(([code]) => !allRefusals.has(code) && !placed.has(code))).toEqual([]);
  });
});
