import type { RestServer } from '../rest/address.ts';
import { RestFiles } from '../rest/restFiles.ts';
import { FolderFiles, type RepositoryFiles } from './files.ts';

/** Where the files of a repository stand, as plain data: a folder, or a server. */
export type FilesPlace = string | RestServer;

export const filesAt = (at: FilesPlace, signal?: AbortSignal): RepositoryFiles =>
  typeof at === 'string' ? new FolderFiles(at) : new RestFiles(at, signal);
