import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { WhatIfBody } from '../../../server/protocol.ts';
import { ask } from '../../access/requests.ts';
import type { Hypothesis } from './hypothesis.ts';

/** What a what-if does to care; asked again when the map or what is known of it changes (`of`). */
export function useWhatIf(world: string, hypothesis: Hypothesis | null, of: string) {
  const { stopped = [], afterSeconds = null, rest = 'asSeen' } = hypothesis ?? {};
  return useQuery({
    queryKey: ['what-if', world, of, stopped, afterSeconds, rest],
    queryFn: () =>
      ask<WhatIfBody>('POST', `/api/worlds/${encodeURIComponent(world)}/map/what-if`, {
        down: stopped,
        rest,
        ...(afterSeconds === null ? {} : { afterSeconds }),
      }),
    enabled: hypothesis !== null,
    // The slider moves on: what it showed stays until the next answer is there.
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
