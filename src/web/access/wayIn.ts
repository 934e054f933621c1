import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';

/** A way in that is a page of its own, whoever is signed in on this screen. */
export type WayIn =
  | { way: 'wardCard'; code: string }
  | { way: 'envelopes' }
  /** Back from a provider: `answer` is what followed `?`. */
  | { way: 'provider'; provider: string; answer: string };

/** Read once, then taken out of the address bar: a code or an answer is not left on a screen, in a history or to a reload. */
function arrival(): WayIn | null {
  const { pathname, hash, search } = location;
  const code = new URLSearchParams(hash.slice(1)).get('card');
  if (code !== null) {
    history.replaceState(null, '', '/ward-card');
    return { way: 'wardCard', code };
  }
  const [, provider] = /^\/sign-in\/([^/]+)$/.exec(pathname) ?? [];
  if (provider === undefined || search === '') return null;
  history.replaceState(null, '', '/');
  return { way: 'provider', provider: decodeURIComponent(provider), answer: search };
}

/** The way in this page is, if it is one, and how to leave it: to the sign-in page, or inside once it opened. */
export function useWayIn(): { wayIn: WayIn | null; leave(): void; enter(): Promise<void> } {
  const [path, navigate] = useLocation();
  const client = useQueryClient();
  const [arrived, setArrived] = useState(arrival);
  useEffect(() => {
    // A card opened in a tab where Reflexe is open already: the address changes, the page does not load again.
    const changed = () => setArrived((before) => arrival() ?? before);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const leave = () => {
    setArrived(null);
    navigate('/', { replace: true });
  };
  const asked: WayIn | null =
    path === '/ward-card' ? { way: 'wardCard', code: '' } : path === '/break-glass' ? { way: 'envelopes' } : null;
  return {
    wayIn: arrived ?? asked,
    leave,
    async enter() {
      // Whoever was here before is not: nothing they saw stays.
      client.clear();
      leave();
    },
  };
}
