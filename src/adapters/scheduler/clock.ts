import type { Clock } from '../../detect/ports.ts';

/** Node's longest timer; a longer sleep is several. */
const TIMER_MAX = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleepUntil(at, signal) {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      let timer: NodeJS.Timeout | undefined;
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      // Measured on the clock that is never set: a wall clock put back an hour must not stop the watch for an hour.
      const until = performance.now() + (at - Date.now());
      const wait = () => {
        const left = until - performance.now();
        if (left <= 0) wake();
        else timer = setTimeout(wait, Math.min(left, TIMER_MAX));
      };
      signal.addEventListener('abort', wake, { once: true });
      wait();
    });
  },
};
