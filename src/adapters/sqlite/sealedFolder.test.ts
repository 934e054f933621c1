import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf } from '../../journal/codec.ts';
import { notebook, notebookEvents } from '../../journal/notebook.ts';
import { openJournal } from '../../journal/open.ts';
import { newSealKey, signerFrom } from '../../journal/seal.ts';
import { tableEntries } from '../../journal/table.ts';
import { newKey, sealerUnder } from '../keys/masterSealer.ts';
import { openSigner } from '../keys/sealKeyFile.ts';
import { sqliteEngine } from './engine.ts';
import { openKeyStore } from './keyStore.ts';

const release = fileURLToPath(new URL('../../journal/fixtures/release-0.1/', import.meta.url));
const master = newKey();
const sealer = sealerUnder(() => [master]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-sealed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
/** The files in which these bytes lie, as they are or written in hex or base64. */
const holding = (bytes: Uint8Array): string[] =>
  files().filter((name) => {
    const content = readFileSync(join(folder, name));
    return (
      ['hex', 'base64'].some((form) => content.includes(Buffer.from(bytes).toString(form as BufferEncoding))) ||
      content.includes(Buffer.from(bytes))
    );
  });

describe('a journal of a release that kept its keys in clear', () => {
  const plainKeys = (): Uint8Array[] => {
    const database = new DatabaseSync(join(folder, 'keys.sqlite'), { readOnly: true });
    const rows = database.prepare('SELECT key FROM keys').all();
    database.close();
    return rows.flatMap(({ key }) => (key instanceof Uint8Array ? [key] : []));
  };

  it('is sealed when it is opened: the same journal, and the clear keys nowhere in the folder', async () => {
    cpSync(release, folder, { recursive: true });
    const pem = newSealKey();
    writeFileSync(join(folder, 'seal-key.pem'), pem, { mode: 0o600 });
    const keys = plainKeys();
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(holding(key)).toEqual(['keys.sqlite']);

    const opened = await openJournal({
      engine: sqliteEngine(folder, folder, sealer),
      establishment: 'aphp-example',
      events: eventsOf(notebookEvents),
      world: notebook,
      foldKey: 'today',
      clock: () => Date.now(),
    });
    if (!opened.ok) throw new Error(opened.refusal.message);
    const nowhere = () => {
      for (const key of keys) expect(holding(key)).toEqual([]);
      const [, body = ''] = /KEY-----\n(.+)\n/.exec(pem) ?? [];
      expect(holding(Buffer.from(body, 'base64'))).toEqual([]);
      expect(files()).not.toContain('seal-key.pem');
    };
    nowhere();
    const texts = [...tableEntries(opened.value.queue.durable.state.notes)].map(([, { text }]) => text);
    expect(texts.filter((text) => text?.endsWith('passage au papier'))).toHaveLength(3);
    await opened.value.close();
    expect(openSigner(folder, sealer).publicKey).toBe(signerFrom(pem).publicKey);
    nowhere();

    // A key wrapped for one subject does not open for another, nor without the master key.
    const database = new DatabaseSync(join(folder, 'keys.sqlite'));
    database.exec("UPDATE keys SET subject = 'person:eve' WHERE subject = 'person:ada'");
    database.close();
    const store = openKeyStore(folder, sealer);
    expect(() => store.keyFor('person:eve')).toThrow(/altered, moved/);
    store.close();
    expect(() => openKeyStore(folder)).toThrow(/master key/);
    expect(() =>
      openKeyStore(
        folder,
        sealerUnder(() => [newKey()]),
      ).keyFor('person:eve'),
    ).toThrow(/altered/);
  });

  it('is sealed at the next opening when the first one was cut short at any step', () => {
    const interrupted = (prepare: (path: string) => void): void => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      cpSync(release, folder, { recursive: true });
      const keys = plainKeys();
      prepare(join(folder, 'keys.sqlite'));
      openKeyStore(folder, sealer).close();
      for (const key of keys) expect(holding(key)).toEqual([]);
      const database = new DatabaseSync(join(folder, 'keys.sqlite'));
      expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
      database.close();
    };
    interrupted(() => undefined);
    // Wrapped, but not cleaned: another process was reading all along.
    interrupted((file) => {
      const reader = new DatabaseSync(file);
      reader.exec('PRAGMA journal_mode = WAL; BEGIN; SELECT * FROM keys');
      const reading = reader.prepare('SELECT * FROM keys').iterate();
      reading.next();
      openKeyStore(folder, sealer).close();
      const version = new DatabaseSync(file);
      expect(version.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
      version.close();
      reading.return?.();
      reader.exec('COMMIT');
      reader.close();
    });
    expect(existsSync(join(folder, 'keys.sqlite-wal'))).toBe(false);
  });

  it('leaves nothing of clear keys in a log that a crash left behind, nor of a wrapped key that is erased', () => {
    const before = join(folder, 'before');
    mkdirSync(before);
    const clear = openKeyStore(before);
    const ada = clear.keyFor('person:ada');
    const after = join(folder, 'after');
    cpSync(before, after, { recursive: true });
    clear.close();
    rmSync(before, { recursive: true });
    expect(holding(ada.key)).toEqual(['after/keys.sqlite-wal']);
    const store = openKeyStore(after, sealer);
    expect(store.find(ada.keyId)).toEqual(ada.key);
    expect(holding(ada.key)).toEqual([]);

    const database = new DatabaseSync(join(after, 'keys.sqlite'), { readOnly: true });
    const wrapped = database.prepare('SELECT key FROM keys').get()?.key;
    database.close();
    if (!(wrapped instanceof Uint8Array)) throw new Error('not bytes');
    expect(holding(wrapped).length).toBeGreaterThan(0);
    store.erase('person:ada');
    expect(holding(wrapped)).toEqual([]);
    expect(store.find(ada.keyId)).toBeUndefined();
    store.close();
  });

  it('keeps its seal key when its sealing was cut short after the sealed one was there', () => {
    const pem = newSealKey();
    writeFileSync(join(folder, 'seal-key.pem'), pem, { mode: 0o600 });
    const { publicKey } = openSigner(folder, sealer);
    for (const left of [pem, '\0'.repeat(pem.length), pem.slice(0, 20)]) {
      writeFileSync(join(folder, 'seal-key.pem'), left);
      writeFileSync(join(folder, 'seal-key.pem.partial'), left);
      expect(openSigner(folder, sealer).publicKey).toBe(publicKey);
      expect(files()).toEqual(['seal-key.sealed']);
    }
  });
});
