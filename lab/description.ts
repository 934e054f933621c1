import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from './application.ts';
import type { Part, Repository } from './backups.ts';
import type { Database } from './database/cluster.ts';
import type { Archive } from './imaging/orthanc.ts';
import type { Power } from './power.ts';
import type { Run } from './run/run.ts';
import { SECRETS, type SecretName, secretPath, secretsFolder } from './run/secrets.ts';

/** Everything the product, the drill and the tests need to know of a running lab: plain data, no secret in it. */
export interface LabDescription {
  folder: string;
  seed: string;
  /** The moment the synthetic population was made for. */
  populatedAt: string;
  endpoints: {
    postgresql: {
      host: string;
      port: number;
      database: string;
      /** Reads everything, changes nothing. */
      reader: { user: 'reflexe_reader'; secret: SecretName };
      application: { user: 'ehr_application'; secret: SecretName };
    };
    orthanc: { url: string; dicomWebUrl: string };
    dicom: { host: string; port: number; calledAeTitle: string; callingAeTitle: string };
    application: { fhirUrl: string; healthUrl: string };
    hl7: { host: string; port: number };
    nut: { host: string; port: number; upsName: string };
  };
  secretsFolder: string;
  /** File of each secret, in the secrets' folder. */
  secrets: { [Name in SecretName]: string };
  repositories: Repository[];
  /** Data directories: what is backed up, watched by a canary, attacked and restored. */
  folders: { [Name in Part]: string };
  /** The canary file in each data directory, and its SHA-256. */
  canaries: Canary[];
  upsName: string;
  /** What was loaded at the start: rows of each table, studies, images. */
  loaded: { [what: string]: number };
  /** When each part was ready, since the start. */
  startedInSeconds: { [part: string]: number };
}

export interface Canary {
  part: Part;
  path: string;
  sha256: string;
}

interface Parts {
  run: Run;
  options: { seed: string; now: Date };
  database: Database;
  archive: Archive;
  power: Power;
  application: Application;
  repositories: Repository[];
  folders: { [Name in Part]: string };
  canaries: Canary[];
  loaded: { [what: string]: number };
  startedInSeconds: { [part: string]: number };
}

export function labDescription(parts: Parts): LabDescription {
  const { run, options, database, archive, power, application } = parts;
  const host = '127.0.0.1';
  const paths = SECRETS.map((name) => [name, secretPath(run, name)] as const);
  const secret = (name: SecretName) => paths.find(([one]) => one === name)?.[1] ?? '';
  return {
    folder: run.folder,
    seed: options.seed,
    populatedAt: options.now.toISOString(),
    endpoints: {
      postgresql: {
        host,
        port: database.port,
        database: database.name,
        reader: { user: 'reflexe_reader', secret: 'database-reader' },
        application: { user: 'ehr_application', secret: 'database-application' },
      },
      orthanc: { url: archive.httpUrl, dicomWebUrl: archive.dicomWebUrl },
      dicom: { host, port: archive.dicomPort, calledAeTitle: archive.aeTitle, callingAeTitle: 'REFLEXE' },
      application: {
        fhirUrl: `http://${host}:${application.httpPort}/fhir`,
        healthUrl: `http://${host}:${application.httpPort}/health`,
      },
      hl7: { host, port: application.mllpPort },
      nut: { host: power.host, port: power.port, upsName: power.upsName },
    },
    secretsFolder: secretsFolder(run),
    secrets: {
      'database-superuser': secret('database-superuser'),
      'database-application': secret('database-application'),
      'database-reader': secret('database-reader'),
      'database-backup': secret('database-backup'),
      'backup-repository': secret('backup-repository'),
    },
    repositories: parts.repositories,
    folders: parts.folders,
    canaries: parts.canaries,
    upsName: power.upsName,
    loaded: parts.loaded,
    startedInSeconds: parts.startedInSeconds,
  };
}

const descriptionPath = (folder: string): string => join(folder, 'hospital.json');

export function saveDescription(description: LabDescription): void {
  const draft = `${descriptionPath(description.folder)}.part`;
  writeFileSync(draft, JSON.stringify(description, null, 2), { mode: 0o600 });
  renameSync(draft, descriptionPath(description.folder));
}

/** A running lab as plain data: endpoints, secrets' files, repositories, folders, canaries. */
export const describeLab = (hospital: { description: LabDescription }): LabDescription => hospital.description;

/** The description a running lab left in its folder, for another process; undefined while it is not ready. */
export function readDescription(folder: string): LabDescription | undefined {
  try {
    // Written whole by this same code, and removed with the run.
    return JSON.parse(readFileSync(descriptionPath(folder), 'utf8'));
  } catch {
    return undefined;
  }
}
