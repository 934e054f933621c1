import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besideContract } from '../../journal/besideContract.ts';
import { newKey, sealerUnder } from '../keys/masterSealer.ts';
import { openKeyStore } from './keyStore.ts';
import { snapshotFiles } from './snapshotFile.ts';

const master = newKey();
for (const [name, sealer] of [
  ['files', undefined],
  ['files, keys wrapped', sealerUnder(() => [master])],
] as const) {
  besideContract(name, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reflexe-beside-'));
    let keys = openKeyStore(folder, sealer);
    return {
      keys,
      snapshots: snapshotFiles(folder, keys),
      async reopen() {
        keys.close();
        keys = openKeyStore(folder, sealer);
        return { keys, snapshots: snapshotFiles(folder, keys) };
      },
      async remove() {
        keys.close();
        await rm(folder, { recursive: true });
      },
    };
  });
}
