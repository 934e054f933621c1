import { type RefObject, useEffect, useRef } from 'react';
import { useWorld } from '../feed/World.tsx';
import { useWords } from '../words/Words.tsx';

let lastPlace: string | null = null;

/** Names the screen to the browser; a screen reader, moved to its heading, hears where it arrived. The first screen is left alone. */
export function useArrival(title: string): RefObject<HTMLHeadingElement | null> {
  const { say } = useWords();
  const { feed } = useWorld();
  const heading = useRef<HTMLHeadingElement>(null);
  const establishment = feed.views.board?.establishment.name;
  const place = establishment === undefined ? '' : ` · ${say(establishment)}`;
  useEffect(() => {
    document.title = `${title}${place} · Reflexe`;
  }, [title, place]);
  useEffect(() => {
    if (lastPlace !== null && lastPlace !== window.location.pathname) heading.current?.focus({ preventScroll: true });
    lastPlace = window.location.pathname;
  }, []);
  return heading;
}
