import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besideContract } from '../../journal/besideContract.ts';
import { openKeyStore } from './keyStore.ts';
import { snapshotFiles } from './snapshotFile.ts';

besideContract('files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reflexe-beside-'));
  let keys = openKeyStore(folder);
  return {
    keys,
    snapshots: snapshotFiles(folder, keys),
    async reopen() {
      keys.close();
      keys = openKeyStore(folder);
      return { keys, snapshots: snapshotFiles(folder, keys) };
    },
    async remove() {
      keys.close();
      await rm(folder, { recursive: true });
    },
  };
});
