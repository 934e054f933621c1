import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accept, type Result } from '../../journal/result.ts';
import { runTool, SECRET_DESCRIPTOR, type ToolCall, type ToolRun, type Writing } from '../tool/run.ts';

export interface PgBackRestRepository {
  /** Folder: what `repo1-path` says where the backups are made. */
  repository: string;
  stanza: string;
  /** `repo1-cipher-pass`; absent for a repository that is not encrypted. */
  passphrase?(): Promise<Result<string>>;
}

/**
 * Runs pgBackRest with a configuration of ours, given in memory: no argument or environment holds the passphrase. Locks and logs
 * go into a folder of this run alone; the kernel keeps it from writing into the repository.
 */
export async function runPgBackRest(
  where: PgBackRestRepository,
  verb: readonly string[],
  more: Pick<ToolCall, 'signal'> & Partial<Pick<ToolCall, 'onOutput'>> & { writing?: Writing },
): Promise<Result<ToolRun>> {
  const passphrase = await where.passphrase?.();
  if (passphrase?.ok === false) return passphrase;
  const own = await mkdtemp(join(tmpdir(), 'reflexe-pgbackrest-'));
  const { writing, ...rest } = more;
  const configuration = [
    '[global]',
    `repo1-path=${where.repository}`,
    ...['lock-path', 'log-path', 'spool-path'].map((path) => `${path}=${own}`),
    ...['log-level-file=off', 'log-level-console=off', 'log-level-stderr=error', 'log-timestamp=n'],
    ...(passphrase === undefined
      ? []
      : ['repo1-cipher-type=aes-256-cbc', `repo1-cipher-pass=${passphrase.value.split('\n')[0] ?? ''}`]),
    `[${where.stanza}]`,
    `pg1-path=${writing?.into ?? own}`,
    '',
  ];
  try {
    return accept(
      await runTool({
        ...rest,
        command: 'pgbackrest',
        args: [`--config=/dev/fd/${SECRET_DESCRIPTOR}`, `--stanza=${where.stanza}`, ...verb],
        environment: { TZ: 'UTC' },
        secret: configuration.join('\n'),
        walls: {
          readable: [where.repository],
          writable: [own, ...(writing === undefined ? [] : [writing.into])],
          // Run as root it gives files their owners.
          givesFilesAway: true,
        },
        ...(writing === undefined ? {} : { writing }),
      }),
    );
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
