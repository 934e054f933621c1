import { checkKinds } from '../all.ts';
import { readChecksFile } from './checksFile.ts';

const whole = `queries: { patients: select count(*) from patient }
checks:
  - { id: db, component: ehr-db, kind: postgresql, every: 30s, timeout: 5s, host: h, database: d, user: u, secret: s, query: patients, expect: { atLeast: 10 } }
  - { id: web, component: ehr, kind: http, every: 1m, url: "https://ehr.example/health", expect: { status: "200-399" }, tls: { verify: true } }
  - { id: fhir, component: ehr, kind: fhir, every: 5m, baseUrl: "https://ehr.example/r4", query: Patient, expect: { atLeast: 1 } }
  - { id: hl7, component: lis, kind: mllp, every: 1m, host: lis, port: 2575 }
  - { id: pacs, component: pacs, kind: dicom, every: 1m, host: pacs, calledAeTitle: ORTHANC }
  - { id: ups, component: ups-a, kind: nut, every: 10s, host: ups, ups: a, warn: { runtimeSecondsMin: 600 }, flap: { downAfter: 2, upAfter: 2 } }
  - { id: files, component: nas, kind: canary, every: 1m, folder: /srv, record: r }
  - { id: nights, component: nas, kind: backupChange, every: 1d, source: ehr, nights: 7 }
`;

/** `checks.yaml`: every problem has its place, and half a watch is never taken for a whole one. */
export const fuzz = {
  name: 'checks in YAML',
  seeds: (): Uint8Array[] =>
    [whole, 'kind: tcp\nid: a\ncomponent: b\nevery: 1s\nhost: h\nport: 1\n', 'checks: [&a { id: *a }]\n'].map((text) =>
      Buffer.from(text),
    ),
  run(input: Uint8Array): void {
    const text = Buffer.from(input).toString('utf8');
    const { checks, problems } = readChecksFile(text, 'checks.yaml', checkKinds, (name) =>
      name === 'gone' ? undefined : name,
    );
    if (problems.length > 0 && checks.length > 0) throw new Error('a watch is kept with problems');
    if (problems.some(({ line, column }) => !(line >= 1 && column >= 1))) throw new Error('a problem has no place');
  },
};
