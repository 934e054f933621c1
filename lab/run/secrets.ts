import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from './run.ts';

/** Names of the run's secrets; each is a file of that name in the secrets' folder, readable by its owner only. */
export const SECRETS = [
  'database-superuser',
  'database-application',
  'database-reader',
  'database-backup',
  'backup-repository',
] as const;

export type SecretName = (typeof SECRETS)[number];

export const secretsFolder = (run: Pick<Run, 'folder'>): string => join(run.folder, 'secrets');
export const secretPath = (run: Pick<Run, 'folder'>, name: SecretName): string => join(secretsFolder(run), name);

/** Draws the run's passwords. They are for this run only and end with it. */
export function makeSecrets(run: Run): { [Name in SecretName]: string } {
  const folder = secretsFolder(run);
  mkdirSync(folder, { mode: 0o711 });
  chmodSync(folder, 0o711);
  const draw = (name: SecretName): string => {
    const secret = randomBytes(24).toString('base64url');
    writeFileSync(secretPath(run, name), secret, { mode: 0o600, flag: 'wx' });
    return secret;
  };
  const secrets = {
    'database-superuser': draw('database-superuser'),
    'database-application': draw('database-application'),
    'database-reader': draw('database-reader'),
    'database-backup': draw('database-backup'),
    'backup-repository': draw('backup-repository'),
  };
  // `initdb` runs as the services' account and reads this one from its file.
  if (run.account.ids) chownSync(secretPath(run, 'database-superuser'), run.account.ids.uid, run.account.ids.gid);
  return secrets;
}
