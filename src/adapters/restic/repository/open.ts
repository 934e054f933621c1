import { stat } from 'node:fs/promises';
import { accept, type Refusing, type Result, refuse } from '../../../journal/result.ts';
import { Damaged, Missing } from './damaged.ts';
import { FolderFiles, type RepositoryFiles } from './files.ts';
import { keyOf } from './keys.ts';
import { Repository } from './repository.ts';

/** Fails with `backup-unreachable`, `backup-wrong-password`, `backup-damaged`. White space around the password is no part of it. */
export async function openRepository(folder: string, password: string): Promise<Result<Repository>> {
  const files = new FolderFiles(folder);
  try {
    if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true)
      return unreachable(folder, 'no such folder');
    await files.read('config', '');
    return await opened(files, password.trim());
  } catch (error) {
    if (error instanceof Missing) return unreachable(folder, 'it holds no file config');
    if (error instanceof Damaged) return damagedRepository(folder, error);
    throw error;
  }
}

async function opened(files: RepositoryFiles, password: string): Promise<Result<Repository>> {
  const key = await keyOf(files, password);
  if (key === undefined)
    return refuse('backup-wrong-password', 'The password does not open this backup repository.', {
      where: files.place,
      expected: 'the password of one of its keys',
      kept: 'Nothing was read or changed.',
      cure: 'Check the secret this source names.',
    });
  const repository = new Repository(files, key);
  await repository.format();
  return accept(repository);
}

const unreachable = (where: string, kept: string): Refusing =>
  refuse('backup-unreachable', 'The backup repository cannot be opened.', {
    where,
    expected: 'a restic repository',
    kept,
    cure: 'Check its path and that its disk is mounted.',
    retryable: true,
  });

export const damagedRepository = (where: string, { message }: Damaged): Refusing =>
  refuse('backup-damaged', 'The backup repository could not be read whole.', {
    where,
    kept: message.slice(0, 200),
    cure: 'Try an older snapshot, or another copy of this repository.',
  });
