import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkKinds } from '../all.ts';
import { readChecksFile } from './checksFile.ts';

const read = (text: string, component?: (reference: string) => string | undefined) =>
  readChecksFile(text, 'checks.yaml', checkKinds, component);

describe('checks.yaml', () => {
  test('a check of each kind, defaults filled in', () => {
    const { checks, problems } = read(`
queries:
  patients: select count(*) from patient
checks:
  - {id: tcp, component: ehr, kind: tcp, host: ehr.chu, port: 443}
  - {id: http, component: ehr, kind: http, url: 'https://ehr.chu/', expect: {status: [200, 300-399], bodyContains: ok}, warn: {millisecondsMax: 500}}
  - {id: sql, component: ehr-db, kind: postgresql, host: db, database: ehr, user: reader, secret: reader, query: patients, expect: {atLeast: 1}, every: 1m}
  - {id: fhir, component: ehr, kind: fhir, baseUrl: 'https://ehr.chu/fhir', query: Patient, expect: {atLeast: 1000}}
  - {id: mllp, component: eai, kind: mllp, host: eai, port: 2575, every: 5m, timeout: 2s, flap: {downAfter: 3}}
  - {id: dicom, component: pacs, kind: dicom, host: pacs, port: 4242, calledAeTitle: ORTHANC}
  - {id: ups, component: ups-a, kind: nut, host: nut, ups: ups-a, warn: {runtimeSecondsMin: 900}}
  - {id: canary, component: files, kind: canary, folder: /srv/files, record: canaries.json}
  - {id: nights, component: ehr-db, kind: backupChange, source: nightly-ehr}
`);
    expect(problems).toEqual([]);
    expect(checks.map(({ ask: _ask, ...check }) => check)).toMatchObject([
      {
        id: 'tcp',
        kind: 'tcp',
        everyMilliseconds: 30_000,
        timeoutMilliseconds: 5000,
        flap: { downAfter: 2, upAfter: 2 },
        worst: 'down',
        evidence: 'check',
      },
      { id: 'http' },
      { id: 'sql', everyMilliseconds: 60_000 },
      { id: 'fhir' },
      { id: 'mllp', everyMilliseconds: 300_000, timeoutMilliseconds: 2000, flap: { downAfter: 3, upAfter: 2 } },
      { id: 'dicom' },
      { id: 'ups', everyMilliseconds: 10_000, evidence: 'power' },
      { id: 'canary', worst: 'degraded', evidence: 'canary', flap: { downAfter: 1, upAfter: 1 } },
      { id: 'nights', everyMilliseconds: 3_600_000, evidence: 'backup' },
    ]);
  });

  test('the example of docs/checks.md is valid as it stands', () => {
    const page = readFileSync(new URL('../../../docs/checks.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(read(example)).toMatchObject({ problems: [], checks: [{ id: 'ehr-database', kind: 'postgresql' }] });
    for (const { kind } of checkKinds) expect(page).toContain(`| \`${kind}\` |`);
  });

  test('every problem at once, with its place', () => {
    const { checks, problems } = read(`checks:
  - id: ehr tcp
    component: ehr
    kind: tcp
    host: ehr
    port: 70000
    every: 30
  - id: web
    component: ehr
    kind: http
    url: https://user:secret@ehr/
    timeOut: 3s
  - id: db
    component: ehr
    kind: postgresql
    host: db
    database: ehr
    user: reader
    query: nothing
    timeout: 2m
  - id: db
    component: ehr
    kind: tcp
  - id: snmp
    component: ups
    kind: snmp
  - id: db
    component: ehr
    kind: tcp
    host: db
    port: 5432
    every: 100ms
  - id: files
    component: ehr
    kind: canary
    folder: /srv
`);
    expect(checks).toEqual([]);
    expect(problems.map(({ line, column, path, code }) => `${line}:${column} ${path} ${code}`)).toEqual([
      '2:5 checks[0].id field-invalid',
      '6:5 checks[0].port field-invalid',
      '7:5 checks[0].every field-invalid',
      '11:5 checks[1].url field-invalid',
      '12:5 checks[1].timeOut field-unknown',
      '19:5 checks[2].query check-contradiction',
      '20:5 checks[2].timeout check-contradiction',
      '21:5 checks[3].host field-missing',
      '21:5 checks[3].port field-missing',
      '26:5 checks[4].kind check-kind-unknown',
      '32:5 checks[5].every field-invalid',
      '33:5 checks[6].files check-contradiction',
    ]);
  });

  test('two checks of one name, and a component that is not on the map', () => {
    const text = `checks:
  - {id: a, component: chu:ehr, kind: tcp, host: h, port: 1}
  - {id: a, component: ehr, kind: tcp, host: h, port: 1}
  - {id: b, component: nowhere, kind: tcp, host: h, port: 1}
`;
    const onMap = (reference: string) => (reference.endsWith('ehr') ? 'ehr' : undefined);
    expect(read(text, onMap).problems.map(({ line, path, code }) => ({ line, path, code }))).toEqual([
      { line: 3, path: 'checks[1].id', code: 'check-duplicate' },
      { line: 4, path: 'checks[2].component', code: 'component-unknown' },
    ]);
    const [check] = read('{id: a, component: chu:ehr, kind: tcp, host: h, port: 1}', onMap).checks;
    expect(check?.component).toBe('ehr');
  });

  test.each([
    ['checks: [', 'yaml-syntax'],
    ['', 'field-invalid'],
    ['- 1', 'field-invalid'],
    ['checks: 3', 'field-invalid'],
    ['check: []', 'field-missing'],
    [
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nchecks: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]`,
      'yaml-aliases',
    ],
  ])('%j is refused, not thrown', (text, code) => {
    const { checks, problems } = read(text);
    expect(checks).toEqual([]);
    expect(problems.map((problem) => problem.code)).toContain(code);
    for (const { line, column } of problems) expect(line > 0 && column > 0).toBe(true);
  });
});
