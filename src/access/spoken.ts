import { accept, refuse } from '../journal/result.ts';
import { type Attempt, tooMany } from './attempt.ts';
import type { DelayKey, Delays } from './delays.ts';
import { foldName, type Person } from './person.ts';
import type { PeopleStore } from './ports.ts';
import type { Totps } from './secondFactor/totps.ts';

export interface SpokenParts {
  people: PeopleStore;
  totps: Totps;
  delays: Delays;
  now(): number;
}

/**
 * Who is on the telephone: a name, and the code their authenticator application shows at this moment. The code is spent:
 * whoever overheard it opens nothing with it. One answer for an unknown name and a wrong code.
 */
export type WhoSpeaks = (name: string, code: string) => Attempt<Person>;

export const createWhoSpeaks =
  ({ people, totps, delays, now }: SpokenParts): WhoSpeaks =>
  (name, code) => {
    const known = people.byName(foldName(name))?.person;
    const keys: DelayKey[] = [['code', known?.id ?? foldName(name)]];
    const wait = delays.begin(keys, now());
    if (wait > 0) return tooMany(wait);
    if (!known || !totps.check(known.id, code).ok) return spokenCodeRefused;
    delays.succeeded(keys);
    return accept(known);
  };

const spokenCodeRefused = refuse('spoken-code-refused', 'This name and this code do not go together.', {
  kept: 'It still waits.',
  cure: 'Ask for the code shown right now, and how they write their sign-in name; an authenticator application is needed.',
});
