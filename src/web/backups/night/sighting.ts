import { useQuery } from '@tanstack/react-query';
import type { Sighting } from '../../../restore/cleanPoint/explained.ts';
import { ask } from '../../access/requests.ts';

export interface SignAsked {
  component: string;
  snapshot: string;
  rule: string;
}

/** As the hub tells it: `bound` where these findings can be explained one by one. */
export type SightingShown = Omit<Sighting, 'marks'> & { bound: boolean };

/** Where a night shows a sign. Names are forgotten as soon as nobody looks at them. */
export const useSighting = (world: string, asked: SignAsked, isOpen: boolean) =>
  useQuery({
    queryKey: ['backup-sign', world, asked],
    queryFn: () => ask<SightingShown>('POST', `/api/worlds/${encodeURIComponent(world)}/signs/look`, asked),
    enabled: isOpen,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
