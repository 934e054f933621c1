import { useQuery } from '@tanstack/react-query';
import type { Grant } from '../../access/roles.ts';
import type { Words } from '../../map/model.ts';
import type { PlacesBody } from '../../server/protocol.ts';
import { ask } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { useWords } from '../words/Words.tsx';

const nowhere: PlacesBody = { wards: [], sites: [] };

/** Where a right may reach: the wards and sites of the map. */
export function usePlaces(): PlacesBody {
  const { world } = useWorld();
  const { data } = useQuery({
    queryKey: ['places', world],
    queryFn: () => ask<PlacesBody>('GET', `/api/worlds/${encodeURIComponent(world)}/places`),
    staleTime: 60_000,
  });
  return data ?? nowhere;
}

/** A right in words: `soins, Réanimation`. */
export function useGrantWords(): (grant: Grant) => string {
  const { t, say } = useWords();
  const { wards, sites } = usePlaces();
  const nameIn = (places: { id: string; name: Words }[], id: string) => {
    const place = places.find((one) => one.id === id);
    return place === undefined ? id : say(place.name);
  };
  return (grant) => {
    const role = t.access.roles[grant.role];
    switch (grant.scope) {
      case 'establishment':
        return role;
      case 'site':
        return `${role}, ${nameIn(sites, grant.site)}`;
      case 'ward':
        return `${role}, ${nameIn(wards, grant.ward)}`;
    }
  };
}
