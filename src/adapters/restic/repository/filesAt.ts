import type { RestServer } from '../rest/address.ts';
import { FolderFiles, type RepositoryFiles } from './files.ts';

/** Where the files of a repository stand, as plain data: a folder, or a server. */
export type FilesPlace = string | RestServer;

/** What speaks HTTP is loaded where a server is named: most repositories stand in a folder. */
export async function filesAt(at: FilesPlace, signal?: AbortSignal): Promise<RepositoryFiles> {
  if (typeof at === 'string') return new FolderFiles(at);
  const { RestFiles } = await import('../rest/restFiles.ts');
  return new RestFiles(at, signal);
}
