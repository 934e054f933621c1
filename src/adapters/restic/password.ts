import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { usableSecretFile } from '../secretFiles/secretFiles.ts';
import type { RestAccess } from './rest/address.ts';

/** Where a repository is, and what opens it. A password never passes through arguments or environment. */
export type ResticRepository = {
  /** Folder, or a URL restic knows (`rest:https://user@host/…`, `sftp:…`, `s3:…`). */
  repository: string;
  /** What a `rest:` server asks for. */
  server?: RestAccess;
} & (
  | {
      passwordFile: string;
      /** A file a person names on the command line is theirs to protect; any other is refused when others can read it. */
      namedByPerson?: true;
    }
  | { password(): Promise<Result<string>> }
);

/** Whether the password is there and closed to others, without reading it: for a tool that reads it itself. */
export async function usablePassword(where: ResticRepository): Promise<Result<void>> {
  if ('password' in where) {
    const read = await where.password();
    return read.ok ? accept(undefined) : read;
  }
  return where.namedByPerson === true ? accept(undefined) : usableSecretFile(where.passwordFile);
}

export async function passwordOf(where: ResticRepository): Promise<Result<string>> {
  if ('password' in where) return where.password();
  const usable = await usablePassword(where);
  if (!usable.ok) return usable;
  try {
    return accept(await readFile(where.passwordFile, 'utf8'));
  } catch {
    return refuse('secret-missing', 'The file of the password cannot be read.', {
      where: basename(where.passwordFile),
      expected: `a file ${where.passwordFile}`,
      kept: 'Nothing was tried without it.',
      cure: 'Put the password there, readable by its owner alone.',
    });
  }
}
