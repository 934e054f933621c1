import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MapChangesBody, MapHistoryBody } from '../../../server/protocol.ts';
import { ask } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';

export const mapPath = (world: string): string => `/api/worlds/${encodeURIComponent(world)}/map`;

/** Who changed the map, newest first; asked again when the map in force is another. */
export function useHistory() {
  const { world, feed } = useWorld();
  const document = feed.views.map?.document ?? null;
  return useQuery({
    queryKey: ['mapHistory', world, document],
    queryFn: () => ask<MapHistoryBody>('GET', `${mapPath(world)}/changes`),
    placeholderData: (before) => before,
  });
}

/** The things one change touched, page by page. */
export function useChanges(sequence: number) {
  const { world } = useWorld();
  return useInfiniteQuery({
    queryKey: ['mapChanges', world, sequence],
    queryFn: ({ pageParam }) => ask<MapChangesBody>('GET', `${mapPath(world)}/changes/${sequence}?from=${pageParam}`),
    initialPageParam: 0,
    getNextPageParam: ({ count, from, changes }) => {
      const next = from + changes.length;
      return next < count ? next : undefined;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useUndo() {
  const { world } = useWorld();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sequence: number) => ask<{ sequence: number }>('POST', `${mapPath(world)}/undo`, { sequence }),
    onSettled: () => client.invalidateQueries({ queryKey: ['mapHistory', world] }),
  });
}
