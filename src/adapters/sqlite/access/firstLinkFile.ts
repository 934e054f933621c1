import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { accessLimits } from '../../../access/limits.ts';
import { accept, type Result, refuse } from '../../../journal/result.ts';
import { tokens } from '../../crypto/tokens.ts';

/** The first version of the file that remembers links made from the machine. */
const versionMin = 5;

/**
 * A new one-time link that makes an administrator, written straight into the store of people: whoever may write this file is
 * the machine's own account. Works while the hub runs, or is stopped, or waits for its keys; what is sealed is not touched. The
 * hub finds the note of it and journals it.
 */
export function makeFirstLinkIn(file: string, now: number): Result<{ token: string; expiresAt: number }> {
  if (!existsSync(file)) {
    return refuse('access-store-missing', 'There are no people here yet.', {
      where: file,
      expected: 'the data folder of a Reflexe that was started once',
      cure: 'Name its folder with --data, or start Reflexe: it prints its first link by itself.',
    });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; BEGIN IMMEDIATE');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() ?? {};
    if (typeof version !== 'number' || version < versionMin) {
      return refuse('access-store-older', 'The people here were kept by an older Reflexe.', {
        where: file,
        kept: 'The file was not touched.',
        cure: 'Start Reflexe once, then ask for the link again.',
      });
    }
    const token = tokens.fresh();
    const expiresAt = now + accessLimits.firstLinkMilliseconds;
    database.prepare('REPLACE INTO firstLink VALUES (1, ?, ?, 0)').run(tokens.hashOf(token), expiresAt);
    database.prepare('INSERT INTO firstLinksMadeHere (madeAt) VALUES (?)').run(now);
    database.exec('COMMIT');
    return accept({ token, expiresAt });
  } catch (error) {
    return refuse('access-store-unreadable', 'The store of people cannot be written.', {
      where: file,
      expected: `a file this account may write (${error instanceof Error ? error.message : 'unknown failure'})`,
      kept: 'No link was made; the one before is as it was.',
      cure: 'Run the command as the account that runs Reflexe.',
    });
  } finally {
    database?.close();
  }
}
