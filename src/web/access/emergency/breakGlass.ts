import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { BreakGlassBody, PaperBody, ReviewsBody, WardCardsBody } from '../../../server/protocol.ts';
import { ask } from '../requests.ts';

/** What everybody signed in is told of break-glasses, asked again often enough to be an alarm. */
export const useBreakGlass = () =>
  useQuery({
    queryKey: ['break-glass'],
    queryFn: () => ask<BreakGlassBody>('GET', '/api/break-glass'),
    refetchInterval: 5_000,
  });

export const useReviews = () =>
  useQuery({
    queryKey: ['reviews'],
    queryFn: () => ask<ReviewsBody>('GET', '/api/break-glass/reviews'),
    refetchInterval: 15_000,
  });

export const useWardCards = () =>
  useQuery({ queryKey: ['ward-cards'], queryFn: () => ask<WardCardsBody>('GET', '/api/ward-cards') });

/** An act that answers with paper: a document to open at once, in the memory of this page alone. */
export function usePaper<Body extends object>(path: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Body) => {
      const { pdf } = await ask<PaperBody>('POST', path, body);
      const bytes = Uint8Array.from(atob(pdf), (character) => character.charCodeAt(0));
      return URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
    },
    onSuccess: () =>
      Promise.all(['ward-cards', 'break-glass'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
