import { useQuery } from '@tanstack/react-query';
import type { Refusal } from '../../journal/result.ts';
import { ask } from '../access/requests.ts';

/** What `GET /api/drill` says: the parts of it shown here. */
export interface DrillStatus {
  running: boolean;
  stage: string | null;
  detail: string;
  outcome: { ok: true; value: { ok: boolean; failures: string[] } } | { ok: false; refusal: Refusal } | null;
}

const LOOK_MS = 2_000;

/** `isShown`: only a laboratory answers, and only a drill's screens ask. */
export function useDrill(isShown: boolean) {
  return useQuery({
    queryKey: ['drill'],
    queryFn: () => ask<DrillStatus>('GET', '/api/drill'),
    enabled: isShown,
    refetchInterval: LOOK_MS,
    retry: false,
  });
}
