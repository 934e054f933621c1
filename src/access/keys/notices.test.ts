import { expect, it } from 'vitest';
import { accept, refuse } from '../../journal/result.ts';
import { announcedKeys, announcedSecrets, type KeyNotice } from './notices.ts';
import type { KeysDesk, NamedSecrets } from './ports.ts';

it('announces what was done, in names and kinds only, and nothing that was refused', async () => {
  const heard: KeyNotice[] = [];
  const shown = { id: 'p1', kind: 'passphrase', label: 'safe', madeAt: '', detail: '' } as const;
  const keys = {
    add: async () => accept({ protector: shown, shares: [] }),
    remove: async () => refuse('protector-last', 'The last one.'),
    unlock: async () => refuse('unlock-wrong', 'No.'),
  } as unknown as KeysDesk;
  const secrets = { set: async (name: string) => accept({ name, replaced: false }) } as unknown as NamedSecrets;
  const announce = (notice: KeyNotice) => void heard.push(notice);
  await announcedKeys(keys, announce).add({ kind: 'passphrase', label: 'safe', passphrase: 'five calm otters' });
  await announcedKeys(keys, announce).remove('p1');
  await announcedKeys(keys, announce).unlock({ passphrase: 'wrong' });
  await announcedSecrets(secrets, announce).set('backup', 'what nobody may read');
  expect(heard).toEqual([
    { type: 'protectorAdded', protector: 'p1', kind: 'passphrase' },
    { type: 'secretSet', name: 'backup' },
  ]);
});
