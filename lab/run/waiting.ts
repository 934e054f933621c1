import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again until the condition itself holds. `ask` returns undefined for "not yet"; what it throws counts as "not yet"
 * and ends up in the message when time is over.
 */
export async function until<Value>(
  what: string,
  withinSeconds: number,
  ask: () => Promise<Value | undefined> | Value | undefined,
  signal?: AbortSignal,
): Promise<Value> {
  const end = performance.now() + withinSeconds * 1000;
  let last = '';
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await ask();
      if (value !== undefined) return value;
      last = '';
    } catch (error) {
      if (error instanceof Fatal) throw error;
      last = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > end) throw new Error(`${what}: not so after ${withinSeconds} s${last && ` (${last})`}`);
    // Woken by the signal, the loop's first line says why.
    await pause(20, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

/** Ends the waiting at once: asking again would never help. */
export class Fatal extends Error {}
