import { stat } from 'node:fs/promises';
import { accept, Refused, type Refusing, type Result, refuse } from '../../../journal/result.ts';
import { Damaged, Missing } from './damaged.ts';
import type { RepositoryFiles } from './files.ts';
import { type FilesPlace, filesAt } from './filesAt.ts';
import { keyOf } from './keys.ts';
import { Repository } from './repository.ts';

/**
 * Fails with `backup-unreachable`, `backup-access-refused`, `backup-wrong-password`, `backup-damaged`. White space around the password
 * is no part of it. `signal` ends what is asked of a server.
 */
export async function openRepository(
  at: FilesPlace,
  password: string,
  signal?: AbortSignal,
): Promise<Result<Repository>> {
  const files = await filesAt(at, signal);
  try {
    if (typeof at === 'string' && (await stat(at).catch(() => undefined))?.isDirectory() !== true)
      return unreachable(at, 'no such folder');
    await files.read('config', '');
    return await opened(files, password.trim());
  } catch (error) {
    return error instanceof Missing ? unreachable(files.place, 'it holds no file config') : unread(files.place, error);
  }
}

/** What reading threw, as a refusal: the repository is out of reach, or what was asked for rests on a part that is damaged. */
export function unread(where: string, error: unknown): Refusing {
  if (error instanceof Refused) return { ok: false, refusal: error.refusal };
  if (error instanceof Damaged) return damagedRepository(where, error);
  throw error;
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
    cure: 'Check its path, and that its disk is mounted.',
    retryable: true,
  });

const damagedRepository = (where: string, { message }: Damaged): Refusing =>
  refuse('backup-damaged', 'The backup repository could not be read whole.', {
    where,
    kept: message.slice(0, 200),
    cure: 'Try an older snapshot, or another copy of this repository.',
  });
