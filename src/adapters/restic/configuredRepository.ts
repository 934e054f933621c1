import type { Secrets } from '../../detect/ports.ts';
import type { SourceSection } from '../../restore/configuration.ts';
import type { ResticRepository } from './password.ts';

/** Where a repository is and what opens it, from the configuration: its secrets are read when they are asked for. */
export function configuredRepository(
  { repository, password, serverPassword, authority }: Omit<Extract<SourceSection, { kind: 'restic' }>, 'kind'>,
  secrets: Secrets,
): ResticRepository {
  const server = {
    ...(serverPassword === undefined ? {} : { password: async () => secrets.read(serverPassword) }),
    ...(authority === undefined ? {} : { authorityFile: authority }),
  };
  return { repository, server, password: async () => secrets.read(password) };
}
