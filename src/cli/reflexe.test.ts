import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { verbs } from './verbs.ts';

/** Runs the command line as a person does. */
function reflexe(args: readonly string[], language = 'fr_FR.UTF-8') {
  const { LC_ALL: _, LC_MESSAGES: __, ...rest } = process.env;
  const program = join(import.meta.dirname, 'reflexe.ts');
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: { ...rest, LANG: language } });
}

/** Runs one verb whose document or refusal is given, through the same frame. */
function frame(outcome: string, args: readonly string[]) {
  const source = `
    import { Command } from 'commander';
    import { answer, progress } from ${JSON.stringify(join(import.meta.dirname, 'answer.ts'))};
    const program = new Command('reflexe').option('--json').option('--lang <l>');
    program.command('try').option('--json').option('--lang <l>').action((_options, command) => {
      progress({ fr: 'lecture', en: 'reading' });
      answer(command, ${outcome}, (document, language) => language + ' ' + document.count);
    });
    await program.parseAsync();`;
  const evaluated = ['--input-type=module', '--eval', source, '--', 'try', ...args];
  return spawnSync(process.execPath, evaluated, { encoding: 'utf8', cwd: import.meta.dirname });
}

const refusal = `{ ok: false, refusal: { code: 'map-unknown', message: 'no such map', where: 'a.yaml:3', kept: 'nothing changed', cure: 'name another', retryable: true } }`;

describe('the frame every verb answers through', () => {
  test('a document: one JSON document alone on standard output, progress beside it', () => {
    const { status, stdout, stderr } = frame('{ ok: true, value: { count: 3 } }', ['--json', '--lang', 'en']);
    expect([status, stdout, stderr]).toEqual([0, '{"count":3}\n', 'reading\n']);
  });

  test('a document as text, in the language asked for', () => {
    expect(frame('{ ok: true, value: { count: 3 } }', []).stdout).toBe('fr 3\n');
    expect(frame('{ ok: true, value: { count: 3 } }', ['--lang', 'en']).stdout).toBe('en 3\n');
  });

  test('a negative verdict: the whole document, exit status 1, no error', () => {
    const { status, stdout } = frame('{ ok: true, value: { ok: false, count: 0 } }', ['--json']);
    expect([status, JSON.parse(stdout)]).toEqual([1, { ok: false, count: 0 }]);
  });

  test('a refusal: what, where, what was kept, what to do; in JSON as error', () => {
    const said = frame(refusal, ['--json', '--lang', 'en']);
    expect(said.status).toBe(1);
    expect(JSON.parse(said.stdout).error).toMatchObject({
      code: 'map-unknown',
      message: 'no such map',
      where: 'a.yaml:3',
    });
    for (const part of [
      'Refused: no such map [map-unknown]',
      'where: a.yaml:3',
      'kept: nothing changed',
      'what to do: name another',
    ]) {
      expect(said.stderr).toContain(part);
    }
    expect(frame(refusal, []).stderr).toContain('que faire : name another');
    expect(frame(refusal, []).stdout).toBe('');
  });

  test('a refusal whose code has French words: these first, the exact message as a detail', () => {
    const { stderr } = frame(refusal.replace('map-unknown', 'journal-damaged'), []);
    expect(stderr).toContain('Refusé : Le journal est abîmé');
    expect(stderr).toContain('détail : no such map');
  });
});

describe('usage', () => {
  test('an unknown option: exit status 2, said in the user’s language; in JSON too', () => {
    const french = reflexe(['--unknown']);
    expect([french.status, french.stdout]).toEqual([2, '']);
    expect(french.stderr).toContain('option inconnue « --unknown »');
    expect(reflexe(['--unknown'], 'en_GB.UTF-8').stderr).toContain("unknown option '--unknown'");
    expect(JSON.parse(reflexe(['--unknown', '--json']).stdout).error.code).toBe('usage');
  });

  test('help and version: exit status 0', () => {
    expect(reflexe(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage : reflexe') });
    expect(reflexe(['--help', '--lang', 'en']).stdout).toContain('Usage: reflexe');
    expect(reflexe(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe.each(Object.keys(verbs))('reflexe %s', (path) => {
  const words = path.split(' ');

  test('has help with an example, in both languages', () => {
    const french = reflexe([...words, '--help']);
    expect(french.status).toBe(0);
    expect(french.stdout).toContain(`Usage : reflexe ${path}`);
    expect(french.stdout).toContain(`Exemple :\n  reflexe ${path}`);
    expect(reflexe([...words, '--help', '--lang', 'en']).stdout).toContain(`Example:\n  reflexe ${path}`);
  });

  test('refuses an unknown option with exit status 2', () => {
    expect(reflexe([...words, '--no-such-option']).status).toBe(2);
  });
});
