import { refuse } from '../../journal/result.ts';
import { keyringFile } from './keyringFile.ts';

export const unwritable = (folder: string, error: Error) =>
  refuse('keys-unwritable', 'The keys could not be written.', {
    where: folder,
    expected: `a disk with some space, that this account may write (${error.message})`,
    kept: 'What is sealed opens as before; a rotation that was begun is finished at the next start.',
    cure: 'Check the disk, then try again.',
    retryable: true,
  });

export const locked = (folder: string) =>
  refuse('keys-locked', 'The data folder is locked: its master key is not in memory.', {
    where: folder,
    kept: 'Everything, sealed.',
    cure: 'Unlock it first: reflexe keys unlock.',
    retryable: true,
  });

export const keyringMissing = (folder: string) =>
  refuse('keyring-missing', 'This data folder is sealed, and its keyring is gone.', {
    where: keyringFile(folder),
    expected: 'the keyring made with what is sealed here',
    kept: 'Nothing was changed: no new master key was made, for it would open nothing.',
    cure: 'Put back keyring.json from a copy of this data folder.',
  });

export const abandoned = (folder: string) =>
  refuse('rotation-abandoned', 'Nobody took the new shares: the master key was not changed.', {
    where: folder,
    kept: 'The old master key and its protectors.',
    cure: 'Ask for the rotation again.',
  });
