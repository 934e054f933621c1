import { runTool, SECRET_DESCRIPTOR, type ToolRun, type Writing } from '../../tool/run.ts';
import type { ResticRepository } from '../password.ts';

/** Runs restic without lock or cache. */
export async function runRestic(
  where: ResticRepository,
  verb: readonly string[],
  signal: AbortSignal,
  writing?: Writing,
): Promise<ToolRun> {
  const call = {
    command: 'restic',
    args: ['--no-lock', '--no-cache', ...verb],
    signal,
    ...(writing === undefined ? {} : { writing }),
  };
  const environment = (passwordFile: string) => ({
    RESTIC_REPOSITORY: where.repository,
    RESTIC_PASSWORD_FILE: passwordFile,
  });
  if ('passwordFile' in where) return runTool({ ...call, environment: environment(where.passwordFile) });
  const password = await where.password();
  if (!password.ok) return { status: 1, output: '', errors: password.refusal.message };
  return runTool({ ...call, environment: environment(`/dev/fd/${SECRET_DESCRIPTOR}`), secret: password.value });
}
