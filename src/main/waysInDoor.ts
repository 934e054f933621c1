import { join } from 'node:path';
import type { Access } from '../access/access.ts';
import { isGuest } from '../access/breakGlass/guest.ts';
import type { Newcomers } from '../access/breakGlass/ports.ts';
import type { ProviderSettings } from '../access/oidc/settings.ts';
import type { Provider } from '../access/oidc/signIn.ts';
import type { PaperPrinter } from '../access/paper.ts';
import type { AccessStores } from '../access/ports.ts';
import type { Sealer } from '../access/sealer.ts';
import { createWaysIn } from '../access/waysIn.ts';
import { tokens } from '../adapters/crypto/tokens.ts';
import type { WaysInStore } from '../adapters/sqlite/access/waysInStore.ts';
import type { Secrets } from '../detect/ports.ts';
import { accept, type Result } from '../journal/result.ts';
import type { WaysInDoor } from '../server/waysInSetting.ts';
import type { AccessJournal } from './accessJournal.ts';
import { configurationInvalid, readSignIn } from './configuration.ts';
import type { HospitalWorld } from './world.ts';

export interface WaysInDoorParts {
  configuration: string;
  secrets: Secrets;
  access: Access;
  /** Those `access` was made of. */
  people: AccessStores['people'];
  devices: AccessStores['devices'];
  store: WaysInStore;
  sealer: Pick<Sealer, 'index'>;
  live: { readonly world: HospitalWorld };
  journal: AccessJournal;
  onTrouble(what: string, error: unknown): void;
}

export const waysInFile = (dataFolder: string): string => join(dataFolder, 'ways-in.sqlite');

/** The client of OpenID is loaded where the establishment names a provider. */
async function providersOf(
  settings: readonly ProviderSettings[],
  { secrets, onTrouble }: WaysInDoorParts,
): Promise<Provider[]> {
  if (settings.length === 0) return [];
  const { oidcProvider } = await import('../adapters/oidc/provider.ts');
  const shared = {
    secret: (name: string) => secrets.read(name),
    now: Date.now,
    onTrouble: (what: string) => onTrouble(what, undefined),
  };
  return settings.map((provider) => ({ settings: provider, at: oidcProvider({ settings: provider, ...shared }) }));
}

/** Ward cards, break-glass and the establishment's providers, over the hub's own stores; no provider is asked anything yet. */
export async function openWaysIn(parts: WaysInDoorParts): Promise<Result<WaysInDoor>> {
  const { access, people, devices, store, live, journal, onTrouble } = parts;
  const settings = await readSignIn(parts.configuration);
  if (settings.problems.length > 0) return configurationInvalid(parts.configuration, settings.problems);

  const newcomers: Newcomers = {
    add: (person) => people.add(person),
    remove: (id) => people.remove(id),
    setGrants(id, grants) {
      people.setGrants(id, grants);
      // A guest's rights end with their use, whatever the journal says; anybody else's are what it says last.
      if (isGuest(id)) return;
      void journal.record(id, [...grants], id).catch((error: unknown) => onTrouble('grants of a provider', error));
    },
  };
  const waysIn = createWaysIn({
    access,
    people,
    newcomers,
    devices,
    stores: store,
    providers: await providersOf(settings.value?.providers ?? [], parts),
    wards: () => live.world.state.map.document?.wards.map(({ id }) => id) ?? [],
    tokens,
    index: parts.sealer,
    now: Date.now,
    announce: journal.note,
  });
  return accept({
    waysIn,
    wards: () => live.world.state.map.document?.wards ?? [],
    establishment: () => live.world.state.map.document?.establishment ?? nowhere,
    printer,
    nameOf: (person) => people.byId(person)?.displayName ?? null,
    now: Date.now,
  });
}

/** Whoever is erased is erased at their provider's links too. */
export const forgettingLinks = <People extends Pick<AccessStores['people'], 'remove'>>(
  people: People,
  { links }: Pick<WaysInStore, 'links'>,
): People => ({
  ...people,
  remove(id) {
    for (const { person, provider, subject } of links.list()) if (person === id) links.remove(provider, subject);
    return people.remove(id);
  },
});

/** The compiler of documents is loaded when something is first printed: a hub that prints nothing stays light. */
const printer: PaperPrinter = {
  wardCards: async (cards, head) => (await import('../adapters/pdf/waysInPaper.ts')).waysInPaper.wardCards(cards, head),
  envelopes: async (codes, head) => (await import('../adapters/pdf/waysInPaper.ts')).waysInPaper.envelopes(codes, head),
};

const nowhere = { name: { fr: 'Reflexe' }, timeZone: 'Europe/Paris' };
