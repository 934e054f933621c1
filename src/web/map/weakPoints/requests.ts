import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { WeakPointsBody } from '../../../server/protocol.ts';
import { ask } from '../../access/requests.ts';

const POLL_MILLISECONDS = 700;

export type Found = Extract<WeakPointsBody, { state: 'found' }>;

const path = (world: string) => `/api/worlds/${encodeURIComponent(world)}/map/weak-points`;

/** Asked of one version of the map, and again while it is being computed. */
export const useWeakPoints = (world: string, document: string | null) =>
  useQuery({
    queryKey: ['weak-points', world, document],
    queryFn: () => ask<WeakPointsBody>('GET', path(world)),
    refetchInterval: ({ state }) => (state.data?.state === 'computing' ? POLL_MILLISECONDS : false),
  });

export function useSearch(world: string): (act: 'begin' | 'stop') => Promise<void> {
  const client = useQueryClient();
  return async (act) => {
    await ask<WeakPointsBody>('POST', path(world), { act });
    await client.invalidateQueries({ queryKey: ['weak-points', world] });
  };
}
