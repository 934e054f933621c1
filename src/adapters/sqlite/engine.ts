import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Sealer } from '../../access/sealer.ts';
import type { JournalEngine } from '../../journal/ports.ts';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import { openSigner } from '../keys/sealKeyFile.ts';
import { readMark } from './headMark.ts';
import { journalFile, refusalOf } from './journalDatabase.ts';
import { openJournalStore } from './journalStore.ts';
import { openKeyStore } from './keyStore.ts';
import { snapshotFiles, syncFolder } from './snapshotFile.ts';
import { lockForWriting } from './writerLock.ts';

async function openFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await syncFolder(dirname(folder));
}

async function openAll(
  folder: string,
  keysFolder: string,
  sealer: Sealer | undefined,
  foldKey: string | undefined,
  opened: { close(): unknown }[],
): Promise<Result<JournalEngine>> {
  await openFolder(folder);
  const lock = lockForWriting(folder);
  if (!lock.ok) return lock;
  opened.push({ close: () => lock.value.release() });
  const acknowledged = readMark(folder);
  if (acknowledged !== undefined && !existsSync(journalFile(folder))) {
    return refuse('journal-missing', 'The journal of this folder is gone, though entries were acknowledged in it.', {
      where: journalFile(folder),
      expected: `a journal up to entry ${acknowledged.sequence} at least`,
      kept: 'the folder as it is; no new journal was begun',
      cure: 'Take the journal from a copy, or start in an empty folder.',
    });
  }
  // The storage thread starts while the snapshot is read here: together they are most of the way to the first view.
  const storing = openJournalStore(folder);
  // Where it could not start there is nothing to close; why is told where it is awaited.
  const closeStore = () =>
    storing.then(
      (store) => store.close(),
      () => {},
    );
  storing.catch(() => {});
  opened.push({ close: closeStore });
  await openFolder(keysFolder);
  const keys = openKeyStore(keysFolder, sealer);
  opened.push(keys);
  const snapshots = snapshotFiles(folder, keys);
  if (foldKey !== undefined) snapshots.readAhead(foldKey);
  const signer = openSigner(folder, sealer);
  const store = await storing;
  await syncFolder(folder);
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  return accept({ store, snapshots, keys, signer, acknowledged, close });
}

/**
 * The embedded engine: everything in one folder, made at first use; the erasable keys may lie elsewhere (`keysFolder`), out
 * of reach of the journal's backups. `sealer` wraps the data keys and the seal key; without one they lie in clear, as benches and
 * tests want them. Refuses with `journal-in-use`, `journal-missing`, `journal-damaged`, `journal-newer-format`.
 */
export const sqliteEngine =
  (path: string, keysFolder = path, sealer?: Sealer) =>
  async (foldKey?: string): Promise<Result<JournalEngine>> => {
    const folder = resolve(path);
    const opened: { close(): unknown }[] = [];
    let result: Result<JournalEngine>;
    try {
      result = await openAll(folder, resolve(keysFolder), sealer, foldKey, opened);
    } catch (error) {
      const refusal = error instanceof Refused ? error.refusal : refusalOf(error, folder);
      result = { ok: false, refusal };
    }
    if (!result.ok) for (const one of opened.reverse()) await one.close();
    return result;
  };
