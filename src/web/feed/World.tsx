import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { TimeZoneProvider } from '../words/Words.tsx';
import { Feed, type FeedState } from './feed.ts';
import type { Views } from './views.ts';

const Following = createContext<{ world: string; feed: FeedState; follow: Feed['follow'] } | null>(null);

/** Everything inside looks at one world: the hospital's own, an exercise's or a drill's. */
export function World({ id, children }: { id: string; children: ReactNode }) {
  const feed = useMemo(() => new Feed(id), [id]);
  const state = useSyncExternalStore(feed.subscribe, feed.state);
  const client = useQueryClient();
  useEffect(() => {
    // The session or the world has ended: what is shown next depends on which.
    if (state.cut !== null)
      void Promise.all(['session', 'worlds'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  }, [state.cut, client]);
  const timeZone = state.views.board?.establishment.timeZone;
  const value = useMemo(() => ({ world: id, feed: state, follow: feed.follow }), [id, state, feed]);
  return (
    <Following value={value}>
      {timeZone === undefined ? children : <TimeZoneProvider timeZone={timeZone}>{children}</TimeZoneProvider>}
    </Following>
  );
}

export function useWorld(): { world: string; feed: FeedState; follow: Feed['follow'] } {
  const following = useContext(Following);
  if (following === null) throw new Error('useWorld outside of a World');
  return following;
}

/** A view that only some screens follow, for as long as one of them is open. */
export function useFollowed<Name extends keyof Views>(name: Name): Views[Name] | undefined {
  const { feed, follow } = useWorld();
  useEffect(() => follow(name), [follow, name]);
  return feed.views[name];
}

/** A story is not shown further than this beyond what is known of it: a Board comes twice a second. */
const STORY_AHEAD_MS = 1500;

/** The world's own clock, in milliseconds: an exercise may run a hundred times faster than ours. */
export function useNow(): number {
  const { feed } = useWorld();
  const clock = feed.world;
  const speed = clock?.info.speed ?? 0;
  const read = () => {
    if (clock === null) return feed.views.board === undefined ? Date.now() : Date.parse(feed.views.board.now);
    const elapsed = performance.now() - clock.receivedAt;
    return Date.parse(clock.info.now) + (speed > 1 ? Math.min(elapsed, STORY_AHEAD_MS) : elapsed) * speed;
  };
  const [, tick] = useState(0);
  useEffect(() => {
    if (speed === 0) return;
    const timer = setInterval(() => tick((count) => count + 1), speed > 1 ? 200 : 1000);
    return () => clearInterval(timer);
  }, [speed]);
  return read();
}

/** Milliseconds of the device since `since` (its monotonic clock), told again each second. */
export function useAge(since: number | null): number | null {
  const [, tick] = useState(0);
  useEffect(() => {
    if (since === null) return;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [since]);
  return since === null ? null : performance.now() - since;
}
