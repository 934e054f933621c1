import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gates } from './all.ts';
import { asvs } from './asvs.ts';
import { decisions } from './decisions.ts';
import { treeOf } from './fixture.ts';
import { type Gate, isOpen, judge } from './gate.ts';
import { layers } from './layers.ts';
import { lock } from './lock.ts';
import { purity } from './purity.ts';
import { shell } from './shell.ts';
import { listFiles } from './source.ts';
import { style } from './style.ts';
import { types, typesOfRooms, typesOfWeb, typesOfWebTests } from './types.ts';
import { unused } from './unused.ts';

async function refusals(gate: Gate, fixture: string): Promise<string[]> {
  using tree = treeOf(fixture);
  const verdict = await judge(gate, tree.root);
  expect(isOpen(verdict)).toBe(false);
  expect(verdict.examined).toBeGreaterThan(0);
  return verdict.problems.map(({ file, line, message }) => `${file}:${line ?? 0} ${message}`);
}

describe('each gate refuses the fixture that breaks it', () => {
  test('types', async () => {
    expect(await refusals(types, 'types')).toEqual([expect.stringMatching(/^src\/breaks\.ts:1 TS2322/)]);
  });

  test('types of the pure rooms: no Node, no timers, no browser, no clock', async () => {
    const found = (await refusals(typesOfRooms, 'pure-types')).join('\n');
    for (const absent of ['node:fs', 'setTimeout', 'document', 'performance']) expect(found).toContain(`'${absent}'`);
  });

  test('types of the interface', async () => {
    expect(await refusals(typesOfWeb, 'web-types')).toEqual([expect.stringMatching(/^src\/web\/breaks\.tsx:2 TS2322/)]);
  });

  test('types of the interface’s tests', async () => {
    expect(await refusals(typesOfWebTests, 'web-types')).toEqual([
      expect.stringMatching(/^src\/web\/breaks\.test\.ts:1 TS2322/),
    ]);
  });

  test('format', async () => {
    expect(await refusals(style, 'style')).toContainEqual(
      expect.stringMatching(/^src\/badly-formatted\.ts:\d+ format/),
    );
  });

  test('lint: any, non-null assertion, forgotten promise', async () => {
    const found = (await refusals(style, 'style')).filter((line) => line.startsWith('src/lint.ts')).join('\n');
    for (const rule of ['noExplicitAny', 'noNonNullAssertion', 'noFloatingPromises']) expect(found).toContain(rule);
  });

  test('layers: every forbidden import, and no allowed one', async () => {
    const refused = (await refusals(layers, 'layers')).map((line) => line.split(':')[0]);
    const fixtures = listFiles(join(import.meta.dirname, 'fixtures', 'layers'), ['**/*.{ts,tsx}']);
    const expected = fixtures.filter((file) => !file.includes('allowed'));
    expect(expected.length).toBeGreaterThanOrEqual(10);
    expect(refused.sort()).toEqual(expected);
  });

  test('purity: exactly the marked lines, also in what a room imports, and the message says why', async () => {
    const refused = await refusals(purity, 'purity');
    const fixture = join(import.meta.dirname, 'fixtures', 'purity');
    const expected = listFiles(fixture, ['**/*.ts']).flatMap((file) =>
      readFileSync(join(fixture, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (line.endsWith('// refused') ? [`${file}:${index + 1}`] : [])),
    );
    expect(expected.length).toBe(9);
    expect([...new Set(refused.map((line) => line.split(' ')[0]))].sort()).toEqual(expected.sort());
    for (const line of refused) expect(line).toContain('rooms are pure, so that');
  });

  test('unused code: a file, an export and a dependency', async () => {
    const found = (await refusals(unused, 'unused')).join('\n');
    expect(found).toContain('file used by nothing: src/journal/orphan.ts');
    expect(found).toContain('export used by nothing: usedByNobody');
    expect(found).toContain('dependency used by nothing: zod');
  });

  test('lockfile: no integrity, a weak one, another place, a script at install; not what is whole', async () => {
    const found = await refusals(lock, 'lock');
    const refused = (name: string, why: string) =>
      expect(found).toContainEqual(
        expect.stringMatching(new RegExp(`^package-lock.json:[1-9]\\d* node_modules/${name}: .*${why}`)),
      );
    refused('without-integrity', 'no integrity');
    refused('weak-integrity', 'not one SHA-512');
    refused('two-integrities', 'not one SHA-512');
    refused('elsewhere', 'place of its own');
    refused('from-git', 'no exact version');
    refused('linked', 'link to a folder');
    refused('runs-at-install', 'script at install');
    // Optional, but installed here: then its content must be known.
    refused('zod', 'no integrity');
    expect(found.join()).not.toMatch(/absent-binary|whole|core-js-pure/);
  });

  test('reasons of dependencies: missing, incomplete, outlived', async () => {
    expect(await refusals(decisions, 'decisions')).toEqual([
      expect.stringContaining('no line says why vite'),
      expect.stringContaining('yaml: why'),
      expect.stringContaining('left-pad is no dependency any more'),
    ]);
  });

  test('no shell: exactly the marked lines, in TypeScript and in Perl', async () => {
    const refused = await refusals(shell, 'shell');
    const fixture = join(import.meta.dirname, 'fixtures', 'shell');
    const expected = listFiles(fixture, ['**/*.{ts,mjs,pl}']).flatMap((file) =>
      readFileSync(join(fixture, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (/(\/\/|#) refused$/.test(line) ? [`${file}:${index + 1}`] : [])),
    );
    expect(expected.length).toBe(17);
    expect([...new Set(refused.map((line) => line.split(' ')[0]))].sort()).toEqual(expected.sort());
  });

  test('ASVS: missing, twice, unknown, wrong level, blank, without why, without file, file gone', async () => {
    const found = (await refusals(asvs, 'asvs')).map((line) => line.replace(/^docs\/security\/asvs.md:/, ''));
    expect(found.filter((line) => !line.endsWith(' is missing'))).toEqual([
      '4 1.1.2 is of level 2',
      '5 1.1.2 stands here twice',
      '6 1.2.10 is no requirement of level 1 or 2',
      '7 1.2.1 has a blank',
      '7 1.2.1: a state begins with met, in part, falls short, to do, does not apply',
      '8 1.2.2: falls short is followed by a why',
      '9 1.2.3 names no file that shows it',
      '10 1.2.4 names docs/gone.md, which is not there',
    ]);
    expect(found).toContain('0 17.3.2 is missing');
    expect(found.length).toBe(8 + 253 - 6);
  });
});

describe('a gate that examined nothing fails', () => {
  test.each(gates.map((gate) => [gate.name, gate] as const))('%s', async (_name, gate) => {
    using tree = treeOf(undefined);
    const verdict = await judge(gate, tree.root);
    expect(isOpen({ ...verdict, problems: [] })).toBe(false);
  });
});
