import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReturnsView } from '../../../map/returns/view.ts';
import { ask } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';

/** Asked anew when the map changes; a restoration that was measured meanwhile is seen within the minute. */
export function useReturns() {
  const { world, feed } = useWorld();
  const document = feed.views.map?.document ?? null;
  return useQuery({
    queryKey: ['map', 'returns', world, document],
    queryFn: () => ask<ReturnsView>('GET', `/api/worlds/${encodeURIComponent(world)}/map/returns`),
    enabled: document !== null,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}
