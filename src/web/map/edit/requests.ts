import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MapChange } from '../../../map/edit/views.ts';
import type { Confirmation } from '../../../map/model.ts';
import type { Acknowledged, MapBody } from '../../../server/protocol.ts';
import { ask, useSession } from '../../access/requests.ts';
import { useNow, useWorld } from '../../feed/World.tsx';
import { useWords } from '../../words/Words.tsx';

const path = (world: string) => `/api/worlds/${encodeURIComponent(world)}/map`;

/** The map as a document, read again when the feed says that it is another one. */
export function useMapDocument() {
  const { world, feed } = useWorld();
  const document = feed.views.map?.document ?? null;
  return useQuery({
    queryKey: ['mapDocument', world, document],
    queryFn: () => ask<MapBody>('GET', path(world)),
    placeholderData: (before) => before,
  });
}

export function useMapChange() {
  const { world } = useWorld();
  const client = useQueryClient();
  return useMutation<Acknowledged, Error, MapChange[]>({
    mutationFn: (changes) => ask<Acknowledged>('POST', `${path(world)}/change`, { changes }),
    onSettled: () => client.invalidateQueries({ queryKey: ['mapDocument', world] }),
  });
}

export function useMapUndo() {
  const { world } = useWorld();
  const client = useQueryClient();
  return useMutation<Acknowledged, Error, number>({
    mutationFn: (sequence) => ask<Acknowledged>('POST', `${path(world)}/undo`, { sequence }),
    onSettled: () => client.invalidateQueries({ queryKey: ['mapDocument', world] }),
  });
}

/** The person who confirms, on this day where the hospital is. */
export function useMe(): Confirmation {
  const session = useSession();
  const { reading } = useWords();
  const now = useNow();
  const on = new Intl.DateTimeFormat('sv-SE', { timeZone: reading.timeZone, dateStyle: 'short' }).format(now);
  return { by: session.data?.person?.displayName ?? '?', on };
}
