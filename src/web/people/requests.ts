import { useQuery } from '@tanstack/react-query';
import type { Act } from '../../access/policy.ts';
import type { AuditView } from '../../access/views.ts';
import type { PeopleBody, RightsBody } from '../../server/protocol.ts';
import { ask } from '../access/requests.ts';

/** Whether an act is open to whoever is signed in: a door that does not open is not shown. */
export function useMay(): (act: Act) => boolean {
  const { data } = useQuery({ queryKey: ['rights'], queryFn: () => ask<RightsBody>('GET', '/api/rights') });
  return (act) => data?.acts.includes(act) ?? false;
}

export const usePeople = () =>
  useQuery({ queryKey: ['people'], queryFn: () => ask<PeopleBody>('GET', '/api/people'), refetchInterval: 30_000 });

export const useAudit = (world: string) =>
  useQuery({
    queryKey: ['audit', world],
    queryFn: () => ask<AuditView>('GET', `/api/worlds/${encodeURIComponent(world)}/audit`),
    refetchInterval: 5_000,
  });
