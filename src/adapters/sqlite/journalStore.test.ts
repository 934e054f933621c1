import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { journalStoreContract, sealedEntries } from '../../journal/contract.ts';
import { emptyHead } from '../../journal/seal.ts';
import { journalFile, openForWriting } from './journalDatabase.ts';
import { openJournalStore } from './journalStore.ts';

async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'reflexe-journal-'));
}

journalStoreContract('sqlite', async () => {
  const folder = await temporaryFolder();
  let store = await openJournalStore(folder);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openJournalStore(folder);
      return store;
    },
    async remove() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('the journal file', () => {
  it('aborts every update, delete and replacement, whoever tries', async () => {
    const folder = await temporaryFolder();
    const store = await openJournalStore(folder);
    await store.append(sealedEntries(emptyHead, 3), { 'sha256:d': 1 });
    await store.close();
    const database = new DatabaseSync(journalFile(folder));
    for (const statement of [
      "UPDATE entries SET form = '{}' WHERE sequence = 2",
      'DELETE FROM entries WHERE sequence = 3',
      "UPDATE documents SET text = '2'",
      'DELETE FROM documents',
      "INSERT OR REPLACE INTO entries VALUES (2, 1, '', '')",
      "INSERT INTO entries VALUES (5, 1, '', '')",
    ]) {
      expect(() => database.exec(statement), statement).toThrow('append-only');
    }
    database.exec("INSERT OR REPLACE INTO documents VALUES ('sha256:d', '2')");
    expect(database.prepare('SELECT text FROM documents').all()).toEqual([{ text: '1' }]);
    database.close();
    await rm(folder, { recursive: true });
  });

  it('flushes every commit: synchronous is FULL in write-ahead mode', async () => {
    const folder = await temporaryFolder();
    const database = openForWriting(folder);
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['another database', 'CREATE TABLE t (x)', 'journal-damaged'],
    [
      'a newer format',
      'PRAGMA application_id = 1382444152; PRAGMA user_version = 2; CREATE TABLE t (x)',
      'journal-newer-format',
    ],
  ])('is not opened when it is %s', async (_, statements, code) => {
    const folder = await temporaryFolder();
    const database = new DatabaseSync(journalFile(folder));
    database.exec(statements);
    database.close();
    await expect(openJournalStore(folder)).rejects.toMatchObject({ refusal: { code } });
    await rm(folder, { recursive: true });
  });
});
