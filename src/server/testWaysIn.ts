import { memoryBreakGlass, memoryEnvelopes } from '../access/breakGlass/memoryBreakGlass.ts';
import { untilTheirTime } from '../access/breakGlass/uses.ts';
import { memorySealer } from '../access/memorySealer.ts';
import { memoryLinks } from '../access/oidc/memoryLinks.ts';
import type { Provider } from '../access/oidc/signIn.ts';
import { memoryWardCards } from '../access/wardCards/memoryWardCards.ts';
import { createWaysIn, type WaysIn } from '../access/waysIn.ts';
import type { WaysInNotice } from '../access/waysInNotices.ts';
import { tokens } from '../adapters/crypto/tokens.ts';
import { waysInPaper } from '../adapters/pdf/waysInPaper.ts';
import type { AppOptions } from './app.ts';
import { type TestParts, testParts } from './testServer.ts';

export interface TestWaysIn extends TestParts {
  waysIn: WaysIn;
  noted: WaysInNotice[];
}

/** The parts of a server whose ways in without an account are real, over memory. */
export function testWaysIn(
  providers: readonly Provider[] = [],
  now: () => number = Date.now,
  more: Partial<AppOptions> = {},
): TestWaysIn {
  const parts = testParts(more, now);
  const { stores, access } = parts;
  const noted: WaysInNotice[] = [];
  const breakGlass = memoryBreakGlass();
  // In place: `access` was made of these very stores.
  Object.assign(stores.people, untilTheirTime({ ...stores.people }, breakGlass, now));
  const wards = ['cardiology', 'surgery', 'maternity'].map((id) => ({
    id,
    name: { fr: `Service ${id}`, en: `Ward ${id}` },
  }));
  const waysIn = createWaysIn({
    access,
    people: stores.people,
    newcomers: stores.people,
    devices: stores.devices,
    stores: { wardCards: memoryWardCards(), breakGlass, envelopes: memoryEnvelopes(), ...memoryLinks() },
    providers,
    wards: () => wards.map(({ id }) => id),
    tokens,
    index: memorySealer(),
    now,
    announce: (notice) => void noted.push(notice),
  });
  const door = {
    waysIn,
    wards: () => wards,
    establishment: () => ({ name: { fr: 'Hôpital', en: 'Hospital' }, timeZone: 'Europe/Paris' }),
    printer: waysInPaper,
    nameOf: (person: string) => stores.people.byId(person)?.displayName ?? null,
    now,
  };
  return { ...parts, options: { ...parts.options, waysIn: door }, waysIn, noted };
}
