import { describe, expect, it } from 'vitest';
import { Program, type ProgramInput } from './programFile.ts';
import { defaultPrograms } from './programs.ts';
import type { MemberRequest } from './protocol.ts';
import { fillProgram } from './template.ts';

const program = (more: Partial<ProgramInput>): Program =>
  Program.parse({ executable: '/usr/bin/true', user: 'nobody', ...more });
const member = (more: Partial<MemberRequest> = {}): MemberRequest => ({
  id: 'site:a',
  program: 'p',
  dataDirectory: '/room/a',
  listens: [8042, 4242],
  reaches: [{ member: 'site:db', port: 5432 }],
  settings: {},
  ...more,
});
const addresses: { [id: string]: string } = { 'site:db': '10.77.0.2', 'site:other': '10.77.0.3' };
const fill = (filled: Program, asked: MemberRequest) => fillProgram(filled, asked, '10.77.0.1', (id) => addresses[id]);

describe('a program filled for a member', () => {
  it('takes every placeholder in arguments, files and environment', () => {
    const filled = fill(
      program({
        ports: { min: 2, max: 2 },
        arguments: [
          '{data}',
          '{address}',
          '{subnet}',
          '{port}',
          '{port.2}',
          '{ports}',
          '--db={setting.db}',
          '{setting.host}',
          '{"kept": {}}',
        ],
        files: { '/run/x': 'n={setting.n}' },
        environment: { WHO: '{setting.word}' },
        settings: {
          db: { kind: 'endpoint' },
          host: { kind: 'member' },
          n: { kind: 'integer', min: 1, max: 9, default: 3 },
          word: { kind: 'word', lengthMax: 8 },
        },
      }),
      member({ settings: { db: 'site:db', host: 'site:db', word: 'PACS_1' } }),
    );
    expect(filled).toEqual({
      ok: true,
      value: {
        command: [
          '/usr/bin/true',
          '/data',
          '10.77.0.1',
          '10.77.0.0/24',
          '8042',
          '4242',
          '8042,4242',
          '--db=10.77.0.2:5432',
          '10.77.0.2',
          '{"kept": {}}',
        ],
        files: { '/run/x': 'n=3' },
        environment: { WHO: 'PACS_1' },
      },
    });
  });

  const settings: NonNullable<ProgramInput['settings']> = {
    n: { kind: 'integer', min: 1, max: 9, default: 1 },
    word: { kind: 'word', lengthMax: 4, default: 'ok' },
    choice: { kind: 'choice', values: ['a', 'b'], default: 'a' },
    to: { kind: 'endpoint' },
  };
  it.each([
    ['a number too large', { n: 10 }],
    ['a number that is none', { n: '1' }],
    ['half a number', { n: 1.5 }],
    ['a word that could end a line', { word: 'a\nb' }],
    ['a word with a quote', { word: 'a"b' }],
    ['a word that is a path', { word: '../x' }],
    ['a word too long', { word: 'abcde' }],
    ['an unlisted choice', { choice: 'c' }],
    ['a member it does not reach', { to: 'site:other' }],
    ['a setting nobody declared', { shell: 'sh' }],
  ])('refuses %s', (_, given) => {
    const refused = fill(
      program({ ports: { min: 2, max: 2 }, settings }),
      member({ settings: { to: 'site:db', ...given } }),
    );
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'settings-refused', where: `settings.${Object.keys(given)[0]}` },
    });
  });

  it('refuses an endpoint on two ports, a missing value and a wrong number of ports', () => {
    const two = member({
      settings: { to: 'site:db' },
      reaches: [5432, 5433].map((port) => ({ member: 'site:db', port })),
    });
    const wanting = program({ ports: { min: 2, max: 2 }, settings: { to: { kind: 'endpoint' } } });
    expect(fill(wanting, two).ok).toBe(false);
    expect(fill(wanting, member()).ok).toBe(false);
    expect(fill(program({}), member())).toMatchObject({ ok: false, refusal: { where: 'listens' } });
  });
});

describe('the description of a program', () => {
  it('refuses root, relative paths, unknown fields and placeholders that nothing fills', () => {
    const refused: object[] = [
      { user: 0 },
      { user: 'Root User' },
      { executable: 'sh' },
      { executable: '/usr/../bin/sh' },
      { shell: true },
      { arguments: ['{setting.x}'] },
      { arguments: ['{port.2}'] },
      { files: { relative: '' } },
    ];
    for (const more of refused) {
      expect(
        Program.safeParse({ executable: '/usr/bin/true', user: 'nobody', ...more }).success,
        JSON.stringify(more),
      ).toBe(false);
    }
  });

  it('fits every built-in program, and their generated files are what their services read', () => {
    for (const built of Object.values(defaultPrograms)) expect(Program.safeParse(built).success).toBe(true);
    const orthanc = fill(Program.parse(defaultPrograms.orthanc), member({ settings: { aet: 'PACS' } }));
    const text = orthanc.ok ? (orthanc.value.files['/run/reflexe/orthanc.json'] ?? '') : '';
    expect(JSON.parse(text)).toMatchObject({
      HttpPort: 8042,
      DicomPort: 4242,
      DicomAet: 'PACS',
      StorageDirectory: '/data',
    });
  });
});
