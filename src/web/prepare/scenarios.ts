import { useQuery } from '@tanstack/react-query';
import type { Words } from '../../map/model.ts';
import { ask } from '../access/requests.ts';

export interface Scenario {
  id: string;
  title: Words;
  story: Words;
}

/** How many times faster than life an exercise runs. */
export const speeds = [1, 60, 600, 1800, 3600] as const;

export function useScenarios() {
  return useQuery({
    queryKey: ['scenarios'],
    queryFn: () => ask<{ scenarios: Scenario[] }>('GET', '/api/scenarios'),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
