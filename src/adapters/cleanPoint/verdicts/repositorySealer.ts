import { hkdfSync } from 'node:crypto';
import type { Sealer } from '../../../access/sealer.ts';
import { sealerUnder } from '../../keys/masterSealer.ts';
import type { RepositoryKey } from '../../restic/repository/sealed.ts';

/** Under a key that follows from the repository's own: who can open the backups can read what was found of them, and nobody else. */
export function repositorySealer({ encrypt, macK, macR }: RepositoryKey): Sealer {
  const secret = Buffer.concat([encrypt, macK, macR]);
  const derived = (use: string, bytes: number): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), `reflexe verdicts ${use} 1`, bytes));
  const named = { id: Buffer.from(derived('id', 8)).toString('hex'), key: derived('key', 32) };
  return sealerUnder(() => [named]);
}
