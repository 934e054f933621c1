import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkKinds } from '../adapters/all.ts';
import { configuredRepository } from '../adapters/restic/configuredRepository.ts';
import { resticHistory } from '../adapters/restic/history.ts';
import { readChecksFile } from '../adapters/scheduler/checksFile.ts';
import { realClock } from '../adapters/scheduler/clock.ts';
import { Watch } from '../adapters/scheduler/watch.ts';
import type { BackupReference, Secrets } from '../detect/ports.ts';
import { knownOf } from '../detect/state.ts';
import { accept, type Result } from '../journal/result.ts';
import { compile } from '../map/compile.ts';
import type { RestoreConfiguration } from '../restore/configuration.ts';
import { configurationInvalid } from './configuration.ts';
import type { HospitalWorld } from './world.ts';

export interface WatchParts {
  world: HospitalWorld;
  /** Folder that holds `checks.yaml`; without one, nothing is watched. */
  configuration: string;
  secrets: Secrets;
  sources: RestoreConfiguration['sources'];
}

const by = { actor: 'worker:checks' } as const;

/** Starts the checks of an establishment, or says everything that is wrong with them: half a watch looks like a whole one. */
export async function startWatch({
  world,
  configuration,
  secrets,
  sources,
}: WatchParts): Promise<Result<Watch | null>> {
  const file = join(configuration, 'checks.yaml');
  const { document } = world.state.map;
  if (!existsSync(file) || document === null) return accept(null);
  const map = compile(document);
  const read = readChecksFile(await readFile(file, 'utf8'), file, checkKinds, (reference) => map.resolve(reference));
  if (read.problems.length > 0) return configurationInvalid(configuration, read.problems);
  return accept(
    new Watch({
      checks: read.checks,
      edge: {
        secrets,
        clock: realClock,
        folder: configuration,
        backup: (reference) => history(reference, sources, secrets),
      },
      known: (component) => knownOf(world.state.detect, component),
      submit: (command) => world.journal.queue.submit(command, by),
      onFailure: (check, error) => world.options.onTrouble(`check ${check}`, error),
    }),
  );
}

export function history(reference: BackupReference, sources: RestoreConfiguration['sources'], secrets: Secrets) {
  const source = typeof reference === 'string' ? sources[reference] : reference;
  // Nightly folders tell nothing of their changes without being read whole.
  return source?.kind !== 'restic' ? undefined : resticHistory(configuredRepository(source, secrets));
}
