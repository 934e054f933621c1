import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Database, passwordOf } from './database/cluster.ts';
import { runTool } from './run/programs.ts';
import { makeFolder, type Run } from './run/run.ts';
import { secretPath } from './run/secrets.ts';

export const PARTS = ['database', 'imaging', 'application'] as const;
export type Part = (typeof PARTS)[number];

export interface Repository {
  part: Part;
  /** A restic repository of its own for each part. */
  repository: string;
  /** Name of the secret that opens it. */
  secret: 'backup-repository';
  /** The machine's name as snapshots carry it. */
  host: string;
  /** Snapshots hold the data directory's content at their root: restored, that folder *is* the data directory. */
  pathInSnapshot: '';
}

export type PartNight =
  /** `snapshot` by its short name, as restic says it. */
  { part: Part; ok: true; snapshot: string; files: number; bytes: number } | { part: Part; ok: false; reason: string };

export interface Night {
  /** The moment the snapshots say they were made. */
  time: string;
  parts: PartNight[];
}

export interface Backups {
  repositories: Repository[];
  /** Backs every part up as it now stands, dated `at`. A part that cannot be backed up says why; the others go on. */
  takeNight(at: Date): Promise<Night>;
}

const HOSTS: { [Name in Part]: string } = {
  database: 'srv-dpi-bdd',
  imaging: 'srv-imagerie',
  application: 'srv-dpi-app',
};

/** The last line `restic backup --json` prints. */
const summarySchema = z.object({
  message_type: z.literal('summary'),
  snapshot_id: z.string(),
  total_files_processed: z.number(),
  total_bytes_processed: z.number(),
});

/** Makes an empty restic repository for each part. */
export async function makeRepositories(run: Run): Promise<Repository[]> {
  const repositories = PARTS.map(
    (part): Repository => ({
      part,
      repository: join(run.folder, 'backups', part),
      secret: 'backup-repository',
      host: HOSTS[part],
      pathInSnapshot: '',
    }),
  );
  mkdirSync(join(run.folder, 'backups'), { mode: 0o700 });
  await Promise.all(repositories.map((repository) => restic(run, repository, run.folder, ['init'])));
  return repositories;
}

const restic = (run: Run, repository: Repository, cwd: string, args: readonly string[]): Promise<string> =>
  runTool(run, {
    what: `restic-${repository.part}`,
    command: 'restic',
    args: ['--repo', repository.repository, '--no-cache', '--json', ...args],
    env: { RESTIC_PASSWORD_FILE: secretPath(run, repository.secret) },
    cwd,
    as: 'starter',
  });

export function openBackups(
  run: Run,
  repositories: Repository[],
  database: Database,
  folders: { [Name in Part]: string },
): Backups {
  return {
    repositories,
    async takeNight(at) {
      // The database is copied first: every report it names is then in the files backed up after it.
      const copy = await copyDatabase(run, database);
      const parts = await Promise.all(
        repositories.map(async (repository): Promise<PartNight> => {
          const { part } = repository;
          const source = part === 'database' ? copy : folders[part];
          return typeof source === 'string'
            ? backUp(run, repository, source, at)
            : { part, ok: false, reason: source.reason };
        }),
      );
      rmSync(join(run.folder, 'staging'), { recursive: true, force: true });
      return { time: at.toISOString(), parts };
    },
  };
}

async function backUp(run: Run, repository: Repository, folder: string, at: Date): Promise<PartNight> {
  const { part } = repository;
  try {
    const time = at.toISOString().slice(0, 19).replace('T', ' ');
    // From inside the folder, so that snapshots hold its content at their root.
    const args = ['backup', '.', '--time', time, '--host', repository.host];
    const printed = await restic(run, repository, folder, args);
    const summary = summarySchema.parse(JSON.parse(printed.trim().split('\n').at(-1) ?? ''));
    const { snapshot_id: snapshot, total_files_processed: files, total_bytes_processed: bytes } = summary;
    return { part, ok: true, snapshot, files, bytes };
  } catch (error) {
    run.signal.throwIfAborted();
    return { part, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A consistent copy of the running cluster, with the WAL it needs: PostgreSQL starts on it as it is. */
async function copyDatabase(run: Run, database: Database): Promise<string | { reason: string }> {
  makeFolder(run, 'staging', 'services');
  const copy = join(run.folder, 'staging', 'database');
  rmSync(copy, { recursive: true, force: true });
  try {
    await runTool(run, {
      what: 'pg_basebackup',
      command: '/usr/lib/postgresql/15/bin/pg_basebackup',
      args: ['--pgdata', copy, '--format=plain', '--wal-method=stream', '--checkpoint=fast', '--no-sync'],
      env: {
        PGHOST: database.host,
        PGPORT: String(database.port),
        PGUSER: 'backup',
        PGPASSWORD: passwordOf(run, 'backup'),
        PGCONNECT_TIMEOUT: '10',
      },
      as: 'services',
    });
    return copy;
  } catch (error) {
    run.signal.throwIfAborted();
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
