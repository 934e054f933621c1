import type { Access } from './access.ts';
import { type AdministrativeBreakGlass, createAdministrativeBreakGlass } from './breakGlass/administrative.ts';
import { type CareBreakGlass, createCareBreakGlass } from './breakGlass/care.ts';
import { keptInMemory } from './breakGlass/keptInMemory.ts';
import type { BreakGlassStore, EnvelopeStore, Newcomers, SessionDoor } from './breakGlass/ports.ts';
import { type BreakGlassUses, createUses } from './breakGlass/uses.ts';
import type { ExpectedStore, LinkStore, WaitingStore } from './oidc/ports.ts';
import { createProviderSignIn, type Provider, type ProviderSignIn } from './oidc/signIn.ts';
import type { AccessStores, Tokens } from './ports.ts';
import type { Sealer } from './sealer.ts';
import type { WardCardStore } from './wardCards/ports.ts';
import { createWardCards, type WardCards } from './wardCards/wardCards.ts';
import type { OnWaysIn } from './waysInNotices.ts';

/** The ways in that need no account of Reflexe's own. */
export interface WaysIn {
  cards: WardCards;
  uses: BreakGlassUses;
  care: CareBreakGlass;
  administrative: AdministrativeBreakGlass;
  providers: ProviderSignIn;
}

export interface WaysInStores {
  wardCards: WardCardStore;
  breakGlass: BreakGlassStore;
  envelopes: EnvelopeStore;
  links: LinkStore;
  waiting: WaitingStore;
  expected: ExpectedStore;
}

export interface WaysInParts {
  access: Access;
  /** Those `access` was made of: its people through `untilTheirTime`. */
  people: Pick<AccessStores['people'], 'byId'>;
  /** Where the people made here are added, and their rights kept. */
  newcomers: Newcomers;
  devices: AccessStores['devices'];
  stores: WaysInStores;
  providers: readonly Provider[];
  /** Ids of the wards on the map. */
  wards(): readonly string[];
  tokens: Tokens;
  index: Pick<Sealer, 'index'>;
  now(): number;
  announce: OnWaysIn;
}

export function createWaysIn(parts: WaysInParts): WaysIn {
  const { access, people, newcomers, devices, stores, tokens, index, now, announce } = parts;
  const door: SessionDoor = { open: access.open, end: (person, session) => access.sessions.end(person, session) };
  const cards = createWardCards({ store: stores.wardCards, tokens, index, wards: parts.wards, now, announce });
  const store = keptInMemory(stores.breakGlass);
  const uses = createUses({ store, newcomers, door, now, announce });
  const common = { uses, store, newcomers, door, tokens, index, now, announce };
  return {
    cards,
    uses,
    care: createCareBreakGlass({ ...common, cards, devices }),
    administrative: createAdministrativeBreakGlass({ ...common, envelopes: stores.envelopes }),
    providers: createProviderSignIn({ ...common, ...stores, people, providers: parts.providers }),
  };
}
