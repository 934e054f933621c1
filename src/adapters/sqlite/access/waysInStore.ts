import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { BreakGlassStore, EnvelopeStore } from '../../../access/breakGlass/ports.ts';
import type { ExpectedStore, LinkStore, WaitingStore } from '../../../access/oidc/ports.ts';
import type { Sealer } from '../../../access/sealer.ts';
import type { WardCardStore } from '../../../access/wardCards/ports.ts';
import { accept, type Result, refuse } from '../../../journal/result.ts';
import { breakGlassStore, breakGlassTable } from './breakGlassStore.ts';
import { envelopeStore, envelopesTable } from './envelopeStore.ts';
import { expectedStore, linkStore, providerTables, waitingStore } from './providerStores.ts';
import { wardCardStore, wardCardsTable } from './wardCardStore.ts';

/** A published step never changes; a new one is appended. */
const steps = [[wardCardsTable, breakGlassTable, envelopesTable, providerTables].join('\n')];
const schemaVersion = steps.length;
const VersionRow = z.object({ user_version: z.number() });

export interface WaysInStore {
  wardCards: WardCardStore;
  breakGlass: BreakGlassStore;
  envelopes: EnvelopeStore;
  links: LinkStore;
  waiting: WaitingStore;
  expected: ExpectedStore;
  close(): void;
}

/**
 * Ward cards, uses of break-glass, envelopes and links to providers, in one small SQLite file beside people: erasable, and
 * overwritten when erased. `:memory:` for none.
 */
export function openWaysInStore(file: string, sealer: Sealer): Result<WaysInStore> {
  try {
    // Readable by this account alone; SQLite gives its other files the same rights.
    if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;`);
    const found = upgrade(database);
    if (found > schemaVersion) {
      database.close();
      return refuse('access-store-newer', 'Ward cards and links were written by a newer Reflexe.', {
        where: file,
        expected: `schema ${schemaVersion} at most, found ${found}`,
        kept: 'The file was not touched.',
        cure: 'Start the newer version.',
      });
    }
    return accept({
      wardCards: wardCardStore(database),
      breakGlass: breakGlassStore(database, sealer),
      envelopes: envelopeStore(database),
      links: linkStore(database, sealer),
      waiting: waitingStore(database, sealer),
      expected: expectedStore(database, sealer),
      close: () => database.close(),
    });
  } catch (error) {
    return refuse('access-store-unreadable', 'The store of ward cards and links cannot be opened.', {
      where: file,
      expected: `a SQLite file this account may write (${error instanceof Error ? error.message : 'unknown failure'})`,
      kept: 'The file was not replaced; the journal is apart from it.',
      cure: 'Check the disk and the rights on the folder, or put the file of a backup in its place.',
    });
  }
}

function upgrade(database: DatabaseSync): number {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { user_version: found } = VersionRow.parse(database.prepare('PRAGMA user_version').get());
    if (found < schemaVersion) {
      for (const step of steps.slice(found)) database.exec(step);
      database.exec(`PRAGMA user_version = ${schemaVersion}`);
    }
    database.exec('COMMIT');
    return found;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
