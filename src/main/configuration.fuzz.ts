import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { offsetMilliseconds, Scenario } from '../prepare/scenario.ts';
import { readPlans, readRestore, readSignIn } from './configuration.ts';

const plans = `version: 1
plans:
  - id: ehr-down
    name: { fr: DPI en panne, en: EHR down }
    startsOn: [componentLost]
    steps:
      - { id: call, kind: human, title: { fr: Appeler }, after: [] }
      - { id: restore, kind: automatic, action: planRecovery, title: { fr: Restaurer }, after: [call] }
`;
const restore = `sources:
  ehr: { kind: restic, repository: /srv/restic, password: ehr-restic }
  lis: &lis { kind: files, folder: /srv/lis }
  other: *lis
probes:
  ehr: { kind: fhir, component: ehr, port: 8080, live: "ehr:8080", counts: [Patient] }
services:
  - component: ehr-db
    program: postgresql-15
    listens: [5432]
    reaches: [{ member: pacs, port: 4242 }]
    prepare: { remove: [postmaster.pid], write: { a: b }, secrets: { c: ehr-db } }
`;
const story = `version: 1
id: cut
title: { fr: Coupure, en: Power cut }
story: { fr: Histoire }
sources: { fr: Presse }
start: 2024-08-03T03:00:00+02:00
map: groupe-exemple
injects:
  - { at: +0m, states: { ups-a: down } }
  - { at: +1h30m, hold: [{ careFunction: care, wards: all }], estimate: [{ careFunction: care, p50: +2h, p90: +9h }] }
  - { at: +2d4h, close: true }
`;

const signIn = `providers:
  - { preset: pro-sante-connect, id: psc, clientId: reflexe, secret: psc }
  - id: sso
    issuer: https://sso.example/realms/chu
    label: { fr: Compte, en: Account }
    clientId: reflexe
    identifier: { claim: rpps, pattern: '^8([0-9]{11})$' }
    strong: { acr: [], amr: [mfa] }
    grants: [{ claim: groups, value: cadres, role: clinician, scope: establishment }]
`;

/** What an administrator's file may hold: plans, backup sources, a story. Read whole or refused with places, never a crash. */
export const fuzz = {
  name: 'configuration in YAML',
  seeds: (): Uint8Array[] =>
    [plans, restore, story, signIn].map((text, kind) => Buffer.concat([Buffer.of(kind), Buffer.from(text)])),
  async run(input: Uint8Array): Promise<void> {
    const text = Buffer.from(input.subarray(1)).toString('utf8');
    const kind = (input[0] ?? 0) % 4;
    if (kind === 2) return story1(text);
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-configuration-'));
    try {
      writeFileSync(join(folder, ['plans.yaml', 'restore.yaml', '', 'sign-in.yaml'][kind] ?? ''), text);
      const read = kind === 0 ? readPlans : kind === 1 ? readRestore : readSignIn;
      const { value, problems } = await read(folder);
      if (value === undefined && problems.length === 0) throw new Error('nothing is read, and nothing is wrong');
      if (problems.some(({ line, column }) => !(line >= 1 && column >= 1))) throw new Error('a problem has no place');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function story1(text: string): void {
  const read = Scenario.safeParse(parsed(text));
  if (!read.success) return;
  const offsets = read.data.injects.flatMap(({ at, estimate = [] }) => [
    at,
    ...estimate.flatMap((one) => [one.p50, one.p90]),
  ]);
  for (const offset of offsets) new Date(Date.parse(read.data.start) + offsetMilliseconds(offset)).toISOString();
}

/** As `Exercises` does: what cannot be parsed is passed over. */
function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch {
    return undefined;
  }
}
