import type { Tokens } from '../ports.ts';

/** What a challenge was given out for: it serves for nothing else. `person`: for that person alone. */
export interface Purpose {
  act: 'signIn' | 'enrol' | 'prove' | 'secondFactor' | 'invitation';
  person?: string;
}

/** As long as a person may take to find their key; the browser gives up sooner. */
const lifeMilliseconds = 5 * 60_000;
/** More than this at once is a flood: the oldest is forgotten. */
const challengesMax = 10_000;

export interface Challenges {
  give(purpose: Purpose): string;
  /** True once, for this purpose, while it lasts. */
  take(challenge: string, purpose: Purpose): boolean;
}

/** In memory: a ceremony begun before a restart is begun again. */
export function createChallenges(tokens: Tokens, now: () => number): Challenges {
  const given = new Map<string, Purpose & { until: number }>();
  return {
    give(purpose) {
      const challenge = tokens.fresh();
      given.set(challenge, { ...purpose, until: now() + lifeMilliseconds });
      const oldest = given.keys().next();
      if (given.size > challengesMax && !oldest.done) given.delete(oldest.value);
      return challenge;
    },
    take(challenge, purpose) {
      const found = given.get(challenge);
      given.delete(challenge);
      return found !== undefined && now() < found.until && found.act === purpose.act && found.person === purpose.person;
    },
  };
}
