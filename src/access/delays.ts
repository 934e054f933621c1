/** How waiting grows: `freeTries` without any, then 1, 2, 4… seconds up to the most; forgotten after a quiet time. */
export interface DelayRule {
  freeTries: number;
  waitSecondsMax: number;
  forgetAfterSeconds: number;
}

export const delayRules = {
  /** Someone guessing one account from anywhere. Short at most: whoever owns the account must get through between two guesses. */
  account: { freeTries: 5, waitSecondsMax: 30, forgetAfterSeconds: 3600 },
  /** Someone guessing many accounts from one place. Wide: a whole hospital may stand behind one address. */
  address: { freeTries: 20, waitSecondsMax: 300, forgetAfterSeconds: 900 },
  /** A browser this person signed in with before: counted apart, so that others' guesses never slow it down. */
  device: { freeTries: 5, waitSecondsMax: 60, forgetAfterSeconds: 3600 },
  /** Someone who has the password guessing at what comes after it: six digits bear far fewer tries than a password. */
  code: { freeTries: 5, waitSecondsMax: 900, forgetAfterSeconds: 24 * 3600 },
} as const satisfies { [kind: string]: DelayRule };
export type DelayKind = keyof typeof delayRules;
export type DelayKey = readonly [DelayKind, string];

/** More keys than this of one kind: the oldest is forgotten, so that a flood cannot take the memory. */
const keysPerKind = 10_000;

interface Count {
  tries: number;
  lastAt: number;
  notBefore: number;
}

export interface Delays {
  /** Counts a try against each key and answers 0, or counts nothing and answers how long to wait. */
  begin(keys: readonly DelayKey[], now: number): number;
  /** The try was the right one: the account and the device start anew, the address gets its one try back. */
  succeeded(keys: readonly DelayKey[]): void;
}

/**
 * `onSlowed` hears of each key once, when its tries first make the next one wait.
 * In memory only: a restart forgets it. A try counts from its beginning, so that many at once cannot slip through together.
 */
export function createDelays(onSlowed?: (key: DelayKey) => void): Delays {
  const counts = new Map<DelayKind, Map<string, Count>>();
  const of = (kind: DelayKind): Map<string, Count> => {
    const found = counts.get(kind) ?? new Map<string, Count>();
    counts.set(kind, found);
    return found;
  };
  const current = ([kind, name]: DelayKey, now: number): Count | undefined => {
    const count = of(kind).get(name);
    return count && now - count.lastAt < delayRules[kind].forgetAfterSeconds * 1000 ? count : undefined;
  };
  return {
    begin(keys, now) {
      const wait = Math.max(0, ...keys.map((key) => (current(key, now)?.notBefore ?? 0) - now));
      if (wait > 0) return wait;
      for (const key of keys) {
        const [kind, name] = key;
        const { freeTries, waitSecondsMax } = delayRules[kind];
        const tries = (current(key, now)?.tries ?? 0) + 1;
        const waitSeconds = tries < freeTries ? 0 : Math.min(waitSecondsMax, 2 ** Math.min(30, tries - freeTries));
        if (tries === freeTries) onSlowed?.(key);
        const known = of(kind);
        known.delete(name);
        known.set(name, { tries, lastAt: now, notBefore: now + waitSeconds * 1000 });
        const oldest = known.keys().next();
        if (known.size > keysPerKind && !oldest.done) known.delete(oldest.value);
      }
      return 0;
    },
    succeeded(keys) {
      for (const [kind, name] of keys) {
        const count = of(kind).get(name);
        if (kind !== 'address') of(kind).delete(name);
        else if (count) of(kind).set(name, { ...count, tries: count.tries - 1, notBefore: 0 });
      }
    },
  };
}
