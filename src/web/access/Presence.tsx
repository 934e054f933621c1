import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ask, Refused } from './requests.ts';

/** Said this often at most: on a shared desk only a hand keeps the session awake, and a hand moves all the time. */
const sayEveryMilliseconds = 60_000;

/** Tells the hub that someone is there. */
export function Presence() {
  const client = useQueryClient();
  const saidAt = useRef(Date.now());
  useEffect(() => {
    const moved = () => {
      if (Date.now() - saidAt.current < sayEveryMilliseconds) return;
      saidAt.current = Date.now();
      ask('POST', '/api/session/here', {}).catch((error: unknown) => {
        const isOver = error instanceof Refused && error.status === 401;
        if (isOver) void client.invalidateQueries({ queryKey: ['session'] });
      });
    };
    for (const sign of ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const)
      addEventListener(sign, moved, { passive: true });
    return () => {
      for (const sign of ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const) removeEventListener(sign, moved);
    };
  }, [client]);
  return null;
}
