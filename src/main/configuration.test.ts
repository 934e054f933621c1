import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryCleanRoom } from '../adapters/cleanRoom/memory.ts';
import { SecretFiles } from '../adapters/secretFiles/secretFiles.ts';
import { readRestoration } from './configuration.ts';
import { Establishment } from './establishment.ts';

const base = mkdtempSync(join(tmpdir(), 'reflexe-configuration-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const restore = `sources:
  nuits-base: { kind: restic, repository: /srv/backups/base, password: nuits }
  nuits-imagerie: { kind: files, folder: /srv/backups/pacs }
  nuits-application: { kind: restic, repository: /srv/backups/dpi, password: nuits }
probes:
  base-comptes:
    kind: postgresql
    component: dpi-base
    port: 5432
    live: 10.0.0.1:5432
    database: dpi
    user: lecteur
    secret: lecteur
    questions: [{ name: patients, sql: select count(*) from patient }]
  dpi-fhir: { kind: fhir, component: dpi, port: 8080, live: "10.0.0.2:8080", counts: [Patient] }
  dpi-hl7:
    kind: hl7
    component: dpi
    port: 2575
    live: 10.0.0.2:2575
    receiving: { application: DPI, facility: CHX }
    counts: [{ name: women, parameters: "@PID.8^F" }]
  pacs-dicomweb:
    { kind: dicomweb, component: pacs, port: 8042, live: "10.0.0.3:8042", counts: [{ name: studies, search: studies }] }
  pacs-dicom: { kind: dicom, component: val-serein:pacs, port: 4242, live: "10.0.0.3:4242", called: PACS }
services:
  - { component: dpi-base, program: postgresql-15, listens: [5432] }
  - { component: pacs, program: orthanc, listens: [8042, 4242] }
  - component: val-serein:dpi
    program: dpi
    listens: [8080, 2575]
    reaches: [{ member: dpi-base, port: 5432 }, { member: pacs, port: 8042 }]
    opens: { 8080: 0 }
`;

describe('restore.yaml beside its map', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(base, 'folder-'));
    cpSync(join(import.meta.dirname, '../../lab/reflexe/map.yaml'), join(folder, 'map.yaml'));
    writeFileSync(join(folder, 'restore.yaml'), restore);
  });

  /** Writes one of the two with something replaced; returns where the new text stands. */
  const broken = (name: 'restore.yaml' | 'map.yaml', from: string, to: string): { line: number; column: number } => {
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    const offset = text.indexOf(from);
    if (offset < 0) throw new Error(`${from} is not in ${name}`);
    writeFileSync(file, text.replace(from, to));
    const before = text.slice(0, offset).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
  const said = async () => {
    const { problems } = await readRestoration(folder);
    return problems.map(({ file, line, column, code }) => `${file.slice(folder.length + 1)}:${line}:${column} ${code}`);
  };

  test('is right as it stands, references written either way', async () => {
    const read = await readRestoration(folder);
    expect(read.problems).toEqual([]);
    expect(read.restore?.services.map(({ component }) => component)).toEqual(['dpi-base', 'pacs', 'dpi']);
    expect(read.restore?.probes['pacs-dicom']?.component).toBe('pacs');
  });

  test('broken YAML is told with its line and column', async () => {
    writeFileSync(join(folder, 'restore.yaml'), 'sources:\n  nuits: { kind: restic, repository: /srv\nprobes: [\n');
    const problems = await said();
    expect(problems.length).toBeGreaterThan(0);
    for (const one of problems) expect(one).toMatch(/^restore\.yaml:[1-4]:\d+ yaml-syntax$/);
  });

  test('aliases that grow without end are refused, not followed', async () => {
    const lines = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_one, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`),
    ];
    writeFileSync(join(folder, 'restore.yaml'), lines.join('\n'));
    expect(await said()).toEqual(['restore.yaml:1:1 yaml-aliases']);
  });

  test('what has not the right shape is told where it stands: a field, its type, a secret’s name, a question', async () => {
    const unknown = broken('restore.yaml', 'folder: /srv/backups/pacs', 'dossier: /srv/backups/pacs');
    const type = broken('restore.yaml', 'listens: [5432]', 'listens: many');
    const secret = broken(
      'restore.yaml',
      'password: nuits }\n  nuits-imagerie',
      'password: ../nuits }\n  nuits-imagerie',
    );
    expect((await said()).map((one) => one.replace(/ .*/, '')).toSorted()).toEqual(
      [
        `restore.yaml:${secret.line}:${secret.column}`,
        // A field missing is told at the thing it misses from; a field too many, at itself.
        `restore.yaml:${unknown.line}:3`,
        `restore.yaml:${unknown.line}:${unknown.column}`,
        `restore.yaml:${type.line}:${type.column}`,
      ].toSorted(),
    );
    writeFileSync(join(folder, 'restore.yaml'), restore);
    const question = broken('restore.yaml', 'sql: select count(*) from patient', 'query: select 1');
    expect(await said()).toContain(`restore.yaml:${question.line}:${question.column - 18} probe-invalid`);
  });

  test('components, sources, probes and ports that are not there are all told at once, in the file that names them', async () => {
    const component = broken('restore.yaml', 'component: pacs, program', 'component: pasc, program');
    const member = broken('restore.yaml', 'member: dpi-base', 'member: dpi-bse');
    const port = broken('restore.yaml', 'port: 2575', 'port: 2576');
    const source = broken('map.yaml', 'nuits-base', 'nuits-bas');
    const probe = broken('map.yaml', 'dpi-fhir', 'dpi-fihr');
    const problems = await said();
    for (const [file, { line, column }, code] of [
      ['restore.yaml', component, 'component-unknown'],
      ['restore.yaml', member, 'component-unknown'],
      ['restore.yaml', port, 'port-unknown'],
      ['map.yaml', source, 'source-unknown'],
      ['map.yaml', probe, 'probe-unknown'],
    ] as const)
      expect(problems).toContain(`${file}:${line}:${column} ${code}`);
    // Without its service, what asks the archive and what reaches it cannot work either.
    expect(problems.filter((one) => one.endsWith('service-missing')).length).toBe(4);
    const { problems: told } = await readRestoration(folder);
    expect(told.find(({ code }) => code === 'source-unknown')?.message).toContain('did you mean `nuits-base`?');
  });

  test('an establishment does not start on it: everything is told, nothing is imported, the folder is free again', async () => {
    const { line, column } = broken('restore.yaml', 'component: pacs, program', 'component: pasc, program');
    const data = join(folder, 'data');
    mkdirSync(data);
    const open = () =>
      Establishment.open({
        id: 'live',
        kind: 'live',
        folder: data,
        configuration: folder,
        secrets: new SecretFiles(join(folder, 'secrets')),
        sealer: null,
        cleanRoom: memoryCleanRoom({ now: () => '2026-01-01T00:00:00.000Z' }).client(),
        onTrouble: () => undefined,
      });
    const refused = await open();
    if (refused.ok) throw new Error('it started');
    expect(refused.refusal.code).toBe('configuration-invalid');
    expect(refused.refusal.expected).toContain(`${join(folder, 'restore.yaml')}:${line}:${column} `);
    writeFileSync(join(folder, 'restore.yaml'), restore);
    writeFileSync(join(folder, 'checks.yaml'), 'checks: [{ id: a, component: nowhere, kind: tcp, every: 1m }]');
    // Refused later, once its journal was open: that is given back too.
    expect(await open()).toMatchObject({ ok: false, refusal: { code: 'configuration-invalid' } });
    rmSync(join(folder, 'checks.yaml'));
    const opened = await open();
    if (!opened.ok) throw new Error(opened.refusal.message);
    expect(opened.value.world.state.map.document?.establishment.id).toBe('val-serein');
    await opened.value.close();
  });
});
