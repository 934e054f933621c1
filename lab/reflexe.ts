import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { z } from 'zod';
import type { RestoreConfiguration } from '../src/restore/configuration.ts';
import type { Part } from './backups.ts';
import type { LabDescription } from './description.ts';

/** Which component of the lab's map each part of the hospital is. */
export const COMPONENT: { readonly [Name in Part]: string } = {
  database: 'dpi-base',
  imaging: 'pacs',
  application: 'dpi',
};

const place = (name: string): string => fileURLToPath(new URL(`./reflexe/${name}`, import.meta.url));

/** Writes the product's configuration for a running laboratory: what a hospital's technician would write for theirs. */
export async function writeConfiguration(description: LabDescription, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of ['map.yaml', 'plans.yaml']) await copyFile(place(name), join(folder, name));
  await writeFile(join(folder, 'restore.yaml'), stringify(restoreSection(description)));
  await writeFile(join(folder, 'checks.yaml'), stringify(checksSection(description)));
}

function restoreSection(lab: LabDescription): z.input<typeof RestoreConfiguration> {
  const { endpoints } = lab;
  const source = (part: Part) => {
    const repository = lab.repositories.find((candidate) => candidate.part === part);
    return { kind: 'restic' as const, repository: repository?.repository ?? '', password: 'backup-repository' };
  };
  const canaries = (part: Part) =>
    lab.canaries
      .filter((canary) => canary.part === part)
      .map(({ path, sha256 }) => ({ path: relative(lab.folders[part], path), sha256 }));
  return {
    // Indicators a CERT sent, beside the rules that ship.
    rules: [place('rules')],
    sources: {
      'nuits-base': source('database'),
      'nuits-imagerie': source('imaging'),
      'nuits-application': source('application'),
    },
    probes: {
      'base-comptes': {
        kind: 'postgresql',
        component: 'dpi-base',
        port: 5432,
        live: `${endpoints.postgresql.host}:${endpoints.postgresql.port}`,
        database: endpoints.postgresql.database,
        user: endpoints.postgresql.reader.user,
        secret: endpoints.postgresql.reader.secret,
        questions: [
          ...['patient', 'stay', 'prescription', 'administration', 'lab_result', 'operation', 'document'].map(
            (table) => ({
              name: table,
              sql: `select count(*) from ${table}`,
            }),
          ),
          // The first identities never change: a digest of them, computed there, must come back the same.
          {
            name: 'first-identities',
            rule: 'equal',
            sql: "select md5(string_agg(ipp || birth_name || birth_date || sex, ';' order by ipp)) from (select * from patient order by ipp limit 500) first",
          },
        ],
      },
      'dpi-fhir': {
        kind: 'fhir',
        component: 'dpi',
        port: 8080,
        live: new URL(endpoints.application.fhirUrl).host,
        base: '/fhir',
        counts: [
          'Patient',
          'Encounter',
          'MedicationRequest',
          'MedicationAdministration',
          'Observation',
          'AllergyIntolerance',
          'Appointment',
          'ImagingStudy',
        ],
        digests: [{ name: 'first-allergies', search: 'AllergyIntolerance?_count=50' }],
      },
      'dpi-hl7': {
        kind: 'hl7',
        component: 'dpi',
        port: 2575,
        live: `${endpoints.hl7.host}:${endpoints.hl7.port}`,
        receiving: { application: 'DPI', facility: 'VALSEREIN' },
        counts: [
          { name: 'women', parameters: '@PID.8^F' },
          { name: 'men', parameters: '@PID.8^M' },
        ],
      },
      'pacs-dicomweb': {
        kind: 'dicomweb',
        component: 'pacs',
        port: 8042,
        live: new URL(endpoints.orthanc.dicomWebUrl).host,
        base: '/dicom-web',
        counts: [
          { name: 'studies', search: 'studies' },
          { name: 'instances', search: 'instances?limit=10000' },
        ],
      },
      'pacs-dicom': {
        kind: 'dicom',
        component: 'pacs',
        port: 4242,
        live: `${endpoints.dicom.host}:${endpoints.dicom.port}`,
        calling: endpoints.dicom.callingAeTitle,
        called: endpoints.dicom.calledAeTitle,
      },
    },
    services: [
      {
        component: 'dpi-base',
        program: 'postgresql-15',
        listens: [5432],
        prepare: { remove: ['postmaster.pid', 'postmaster.opts'] },
        canaries: canaries('database'),
      },
      {
        component: 'pacs',
        program: 'orthanc',
        listens: [8042, 4242],
        settings: { aet: endpoints.dicom.calledAeTitle },
        canaries: canaries('imaging'),
      },
      {
        component: 'dpi',
        program: 'dpi-val-serein',
        listens: [8080, 2575],
        reaches: [
          { member: 'dpi-base', port: 5432 },
          { member: 'pacs', port: 8042 },
        ],
        settings: { database: 'dpi-base', orthanc: 'pacs' },
        prepare: { secrets: { 'database-password': 'database-application' } },
        canaries: canaries('application'),
        opens: { 8080: 0, 2575: 0 },
      },
    ],
  };
}

/** The application's program, as root describes it to the helper: our own Node and our own script, nothing of the hub's choosing. */
export function programFile(): string {
  const root = fileURLToPath(new URL('..', import.meta.url));
  return JSON.stringify({
    programs: {
      'dpi-val-serein': {
        executable: `/opt/dpi/node_modules/node-${process.platform}-${process.arch}/bin/node`,
        arguments: [
          ...[
            '/opt/dpi/lab/application/server.ts',
            '--host',
            '0.0.0.0',
            '--port',
            '{port.1}',
            '--mllp-port',
            '{port.2}',
          ],
          ...['--data', '{data}', '--database', '{setting.database}', '--orthanc', 'http://{setting.orthanc}'],
        ],
        user: 'nobody',
        ports: { min: 2, max: 2 },
        readOnly: [
          { from: join(root, 'node_modules'), to: '/opt/dpi/node_modules' },
          { from: join(root, 'lab'), to: '/opt/dpi/lab' },
          { from: join(root, 'package.json'), to: '/opt/dpi/package.json' },
        ],
        settings: { database: { kind: 'endpoint' }, orthanc: { kind: 'endpoint' } },
      },
    },
  });
}

/** Every two seconds: a drill is watched, and its services are on this very machine. */
const EVERY = { every: '2s', timeout: '2s' } as const;

function checksSection(lab: LabDescription): { checks: object[]; queries: { [name: string]: string } } {
  const { endpoints } = lab;
  const { postgresql, dicom, hl7, nut } = endpoints;
  const canaryOf = (part: Part) =>
    lab.canaries
      .filter((canary) => canary.part === part)
      .map(({ path, sha256 }) => ({
        id: `${COMPONENT[part]}-temoin`,
        component: COMPONENT[part],
        kind: 'canary',
        ...EVERY,
        folder: join(path, '..'),
        files: { [basename(path)]: sha256 },
      }));
  return {
    checks: [
      {
        ...{ id: 'base-requete', component: 'dpi-base', kind: 'postgresql', ...EVERY },
        ...{ host: postgresql.host, port: postgresql.port, database: postgresql.database },
        ...{
          user: postgresql.reader.user,
          secret: postgresql.reader.secret,
          query: 'patients',
          expect: { atLeast: 1 },
        },
      },
      {
        id: 'dpi-fhir',
        component: 'dpi',
        kind: 'fhir',
        ...EVERY,
        baseUrl: endpoints.application.fhirUrl,
        query: 'Patient',
        expect: { atLeast: 1 },
      },
      { id: 'dpi-hl7', component: 'dpi', kind: 'mllp', ...EVERY, host: hl7.host, port: hl7.port },
      {
        id: 'pacs-dicom',
        component: 'pacs',
        kind: 'dicom',
        ...EVERY,
        host: dicom.host,
        port: dicom.port,
        calledAeTitle: dicom.calledAeTitle,
      },
      {
        id: 'pacs-web',
        component: 'pacs',
        kind: 'http',
        ...EVERY,
        url: `${endpoints.orthanc.dicomWebUrl}/studies?limit=1`,
      },
      {
        id: 'onduleur-nut',
        component: 'onduleur',
        kind: 'nut',
        ...EVERY,
        host: nut.host,
        port: nut.port,
        ups: nut.upsName,
      },
      ...canaryOf('database'),
      ...canaryOf('imaging'),
      ...canaryOf('application'),
    ],
    queries: { patients: 'select count(*) from patient' },
  };
}
