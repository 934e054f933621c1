import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Liability } from '../../../map/suppliers/liable.ts';
import type { SuppliersView } from '../../../map/suppliers/register.ts';
import { ask } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';

/** What was last known stays on the screen when the line breaks: it is the page one looks for then. */
const kept = { placeholderData: keepPreviousData, refetchInterval: 60_000, gcTime: Number.POSITIVE_INFINITY } as const;

/** Asked anew when the map changes, or what is out on it. */
export function useSuppliers() {
  const { world, feed } = useWorld();
  const view = feed.views.map;
  const out = view?.nodes.filter(({ state, kind }) => state !== 'up' && kind !== 'careFunction');
  return useQuery({
    queryKey: [
      'map',
      'suppliers',
      world,
      view?.document ?? null,
      out?.map(({ id, state, since }) => [id, state, since]),
    ],
    queryFn: () => ask<SuppliersView>('GET', `/api/worlds/${encodeURIComponent(world)}/map/suppliers`),
    enabled: view !== undefined && view.document !== null,
    ...kept,
  });
}

/** Who answers for one component; `since`: when it went out, so that the clock starts with it. */
export function useLiability(component: string, since: string | null) {
  const { world, feed } = useWorld();
  const document = feed.views.map?.document ?? null;
  const url = `/api/worlds/${encodeURIComponent(world)}/map/liable/${encodeURIComponent(component)}`;
  return useQuery({
    queryKey: ['map', 'liable', world, document, component, since],
    queryFn: () => ask<Liability>('GET', url),
    enabled: document !== null,
    ...kept,
  });
}
