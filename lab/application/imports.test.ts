import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));

/** The modules a file really loads: `import type` is erased. */
function loaded(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const imports = [
    ...text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '([^']+)';|^import '([^']+)';|import\('([^']+)'\)/gm),
  ];
  return imports.map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

describe('the record application', () => {
  it('loads node, pg and its own folder only: it also runs where nothing else of this project is mounted', () => {
    const files = globSync('**/*.ts', { cwd: here }).filter((file) => !file.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(15);
    const foreign = files.flatMap((file) =>
      loaded(join(here, file))
        .filter((name) => {
          if (name.startsWith('node:') || name === 'pg') return false;
          return !name.startsWith('.') || relative(here, join(here, dirname(file), name)).startsWith('..');
        })
        .map((name) => `${file}: ${name}`),
    );
    expect(foreign).toEqual([]);
    // The reading itself sees what would be foreign.
    expect(loaded(fileURLToPath(import.meta.url))).toContain('vitest');
  });
});
