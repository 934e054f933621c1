import { useQuery } from '@tanstack/react-query';
import type { ComparedFolder } from '../../../restore/nights/compareFolders.ts';
import { ask, askFile } from '../../access/requests.ts';

/** As the hub bounds it. */
export const FILE_BYTES_MAX = 500_000_000;
export const FOLDER_ENTRIES_MAX = 10_000;

export interface FolderAsked {
  component: string;
  snapshot: string;
  folder: string;
  against: string | null;
}

const pathIn = (world: string, act: string) => `/api/worlds/${encodeURIComponent(world)}/backups/${act}`;

/** A night never changes: read once. What was read is forgotten a minute after it was left. */
export const useFolder = (world: string, asked: FolderAsked, isOpen: boolean) =>
  useQuery({
    queryKey: ['backup-folder', world, asked],
    queryFn: () => ask<ComparedFolder>('POST', pathIn(world, 'folder'), asked),
    enabled: isOpen,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export const takeOut = (
  world: string,
  asked: { component: string; snapshot: string; path: string },
  received: (bytes: number) => void,
) => askFile(pathIn(world, 'file'), asked, received);
