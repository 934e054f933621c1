import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from './requests.ts';

/** Ends the session here first; then, where it came from a provider that answers, there too. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask<{ url?: string | null }>('POST', '/api/sign-in/providers/sign-out', {}),
    onSuccess: async ({ url }) => {
      if (url) location.assign(url);
      else await client.invalidateQueries({ queryKey: ['session'] });
    },
  });
}
