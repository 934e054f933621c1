import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accept, type Result } from '../../journal/result.ts';
import { runTool, SECRET_DESCRIPTOR, type ToolCall, type ToolRun, type Writing } from '../tool/run.ts';

export interface BorgRepository {
  /** Folder, or an address borg knows (`ssh://…`). */
  repository: string;
  /** Absent for a repository that is not encrypted. */
  passphrase?(): Promise<Result<string>>;
  /** Where the key stands beside the repository (`keyfile` modes). */
  keyFile?: string;
}

export const isAddress = (repository: string): boolean => !repository.startsWith('/');

/**
 * Runs borg without a lock. Its cache and what it remembers of repositories go into a folder of this run alone: it writes
 * nothing into the repository, which the kernel also keeps it from where the repository is a folder.
 */
export async function runBorg(
  where: BorgRepository,
  verb: readonly string[],
  more: Pick<ToolCall, 'signal'> & Partial<Pick<ToolCall, 'onOutput'>> & { writing?: Writing },
): Promise<Result<ToolRun>> {
  const passphrase = await where.passphrase?.();
  if (passphrase?.ok === false) return passphrase;
  const base = await mkdtemp(join(tmpdir(), 'reflexe-borg-'));
  const { writing, ...rest } = more;
  try {
    return accept(
      await runTool({
        ...rest,
        command: 'borg',
        args: ['--bypass-lock', '--log-json', ...verb],
        environment: {
          BORG_BASE_DIR: base,
          BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
          BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
          BORG_DISPLAY_PASSPHRASE: 'no',
          // Times are told in this one, without saying so.
          TZ: 'UTC',
          ...(where.keyFile === undefined ? {} : { BORG_KEY_FILE: where.keyFile }),
          BORG_PASSPHRASE_FD: String(SECRET_DESCRIPTOR),
          ...(isAddress(where.repository)
            ? { HOME: process.env.HOME ?? '/', BORG_RSH: 'ssh -oBatchMode=yes' }
            : { HOME: base }),
        },
        // An empty one where there is none: borg would ask at a terminal.
        secret: passphrase?.value ?? '',
        ...(isAddress(where.repository)
          ? {}
          : {
              walls: {
                readable: [where.repository, ...(where.keyFile === undefined ? [] : [where.keyFile])],
                writable: [base, ...(writing === undefined ? [] : [writing.into])],
              },
            }),
        ...(writing === undefined ? {} : { writing, folder: writing.into }),
      }),
    );
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}
