import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Words } from '../../map/model.ts';
import type { Newcomers, SessionDoor } from '../breakGlass/ports.ts';
import { foldName, type Person } from '../person.ts';
import type { PeopleStore, Tokens } from '../ports.ts';
import type { Grant } from '../roles.ts';
import type { Caller, Issued } from '../sessions.ts';
import type { OnWaysIn } from '../waysInNotices.ts';
import { mappedGrants } from './claims.ts';
import type {
  Asked,
  ExpectedStore,
  Identity,
  LinkStore,
  OidcProvider,
  ProviderLink,
  ProviderState,
  WaitingStore,
  WaitingSubject,
} from './ports.ts';
import type { ProviderSettings } from './settings.ts';

/** Every bound of signing in at a provider, with its reason. */
export const providerLimits = {
  /** Time to find one's card and its code; longer, and the page was forgotten. */
  askedMilliseconds: 10 * 60_000,
  /** Sign-ins under way at once; the oldest is forgotten, so that a flood cannot take the memory. */
  askedMax: 2_000,
  /** People whom nobody linked yet; the newest stay. */
  waitingMax: 200,
  /** Sessions whose provider is told of their end. */
  idTokensMax: 5_000,
} as const;

/** A provider and the settings it was made from. */
export interface Provider {
  settings: ProviderSettings;
  at: OidcProvider;
}

export interface ProviderSeen {
  id: string;
  label: Words;
  state: ProviderState;
  at: number | null;
}

export interface Begun {
  url: string;
  /** For a cookie of the browser that began: the answer is worth something there only. */
  binding: string;
}

export interface ProviderSignIn {
  /** As last seen, at once; looks again meanwhile. */
  list(): ProviderSeen[];
  begin(provider: string, origin: string): Promise<Result<Begun>>;
  /** `answer`: the whole address the browser came back to. Good once, in the browser that began, from the provider asked. */
  finish(answer: URL, binding: string | undefined, caller: Caller): Promise<Result<Issued>>;
  waiting(): WaitingSubject[];
  links(): ProviderLink[];
  /** The administrator's decision: this is so-and-so, or somebody new with these grants. */
  admit(waiting: string, as: Admission, by: string): Result<Person>;
  turnAway(waiting: string): Result<void>;
  /** This subject opens nothing from now on: what it opened is ended too. */
  unlink(provider: string, subject: string, by: string): Result<void>;
  /** An account to be linked at the first sign-in with this professional number. */
  expect(provider: string, identifier: string, person: string): Result<void>;
  /** Ends this session here, and answers where to sign out at its provider too. */
  signOut(person: string, session: string, returnTo: string): string | null;
}

export type Admission = { person: string } | { displayName: string; grants: readonly Grant[] };

export interface ProviderSignInParts {
  providers: readonly Provider[];
  links: LinkStore;
  waiting: WaitingStore;
  expected: ExpectedStore;
  people: Pick<PeopleStore, 'byId'>;
  newcomers: Newcomers;
  door: SessionDoor;
  tokens: Tokens;
  now(): number;
  announce: OnWaysIn;
}

export const returnPath = (provider: string): string => `/sign-in/${provider}`;

export function createProviderSignIn(parts: ProviderSignInParts): ProviderSignIn {
  const { links, waiting, expected, people, newcomers, door, tokens, now, announce } = parts;
  const providers = new Map(parts.providers.map((provider) => [provider.settings.id, provider]));
  // In memory only: whoever was half-way when the hub restarted begins again.
  const underWay = new Map<string, { provider: string; asked: Asked; bindingHash: string; at: number }>();
  const idTokens = new Map<string, { provider: string; idToken: string }>();

  function bounded<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
    map.set(key, value);
    const oldest = map.keys().next();
    if (map.size > most && !oldest.done) map.delete(oldest.value);
  }

  /** Deleted before anything is asked of the provider: a second answer with the same state finds nothing. */
  function take(state: string, binding: string | undefined): Result<{ provider: Provider; asked: Asked }> {
    const found = underWay.get(state);
    if (!found || binding === undefined || tokens.hashOf(binding) !== found.bindingHash) return answerUnknown;
    underWay.delete(state);
    const provider = providers.get(found.provider);
    const isLate = now() - found.at >= providerLimits.askedMilliseconds;
    return provider && !isLate ? accept({ provider, asked: found.asked }) : answerUnknown;
  }

  function added(displayName: string, grants: readonly Grant[], by: string | null): Person {
    const id = tokens.newId('person');
    const person: Person = { id, name: foldName(id), displayName, grants };
    newcomers.add(person);
    announce({ type: 'personAdded', person: id, by });
    return person;
  }

  function link(provider: string, subject: string, person: Person, by: string | null): Person {
    links.put({
      provider,
      subject,
      person: person.id,
      source: by === null ? 'mapping' : 'administrator',
      linkedAt: now(),
    });
    announce({ type: 'providerLinked', provider, person: person.id, by });
    return person;
  }

  /** The person this identity stands for, if anyone decided so: a link, an account awaited, or the table of claims. */
  function personFor(settings: ProviderSettings, identity: Identity): Person | undefined {
    const { id } = settings;
    const { subject, identifier, name } = identity;
    const known = links.find(id, subject);
    const grants = mappedGrants(settings, identity.claims);
    const linked = known && people.byId(known.person);
    if (known?.source === 'administrator') return linked;
    if (linked) {
      // Always as the provider says today: a group left there is a right lost here.
      if (JSON.stringify(linked.grants) !== JSON.stringify(grants)) newcomers.setGrants(linked.id, grants);
      return grants.length > 0 ? { ...linked, grants } : undefined;
    }
    const awaited = identifier === null ? undefined : expected.take(id, identifier);
    const person = awaited === undefined ? undefined : people.byId(awaited);
    if (person) return link(id, subject, person, person.id);
    return grants.length > 0 ? link(id, subject, added(name ?? id, grants, null), null) : undefined;
  }

  function wait(provider: string, { subject, name, identifier }: Identity): Result<never> {
    const id = tokens.newId('waiting');
    const kept = waiting.put({ id, provider, subject, name, identifier, askedAt: now() }, providerLimits.waitingMax);
    if (kept.id === id) announce({ type: 'providerSubjectWaits', provider, waiting: id });
    return waitsForAdministrator;
  }

  return {
    list() {
      return [...providers.values()].map(({ settings: { id }, at }) => {
        void at.look();
        return { id, label: at.label, ...at.state() };
      });
    },

    async begin(id, origin) {
      const provider = providers.get(id);
      if (!provider) return providerUnknown;
      const begun = await provider.at.begin(new URL(returnPath(id), origin).href);
      if (!begun.ok) return begun;
      const { url, asked } = begun.value;
      const binding = tokens.fresh();
      const kept = { provider: id, asked, bindingHash: tokens.hashOf(binding), at: now() };
      bounded(underWay, asked.state, kept, providerLimits.askedMax);
      return accept({ url, binding });
    },

    async finish(answer, binding, caller) {
      const taken = take(answer.searchParams.get('state') ?? '', binding);
      if (!taken.ok) return taken;
      const { provider, asked } = taken.value;
      // Each provider has an address of ours to come back to: an answer at another's is not the one asked for.
      if (answer.pathname !== new URL(asked.redirectUri).pathname) return answerUnknown;
      const identity = await provider.at.finish(asked, answer);
      if (!identity.ok) return identity;
      const { strength, idToken } = identity.value;
      const { id } = provider.settings;
      const person = personFor(provider.settings, identity.value);
      if (!person) return wait(id, identity.value);
      const issued = door.open(person, { method: 'openId', strength }, caller);
      bounded(idTokens, issued.session.id, { provider: id, idToken }, providerLimits.idTokensMax);
      return accept(issued);
    },

    waiting: () => waiting.list(),
    links: () => links.list(),

    admit(id, as, by) {
      const found = waiting.byId(id);
      if (!found) return noWaiting;
      const person = 'person' in as ? people.byId(as.person) : added(as.displayName, as.grants, by);
      if (!person) return personUnknown;
      waiting.remove(id);
      return accept(link(found.provider, found.subject, person, by));
    },

    turnAway(id) {
      if (!waiting.byId(id)) return noWaiting;
      waiting.remove(id);
      return accept(undefined);
    },

    unlink(provider, subject, by) {
      const found = links.find(provider, subject);
      if (!found) return noLink;
      links.remove(provider, subject);
      // A person who was made by the provider's word has no other.
      if (found.source === 'mapping') newcomers.setGrants(found.person, []);
      announce({ type: 'providerUnlinked', provider, person: found.person, by });
      return accept(undefined);
    },

    expect(provider, identifier, person) {
      if (!providers.has(provider)) return providerUnknown;
      if (!people.byId(person)) return personUnknown;
      expected.put(provider, identifier, person);
      return accept(undefined);
    },

    signOut(person, session, returnTo) {
      // Here first: whatever becomes of the provider, nobody is signed in any more.
      door.end(person, session);
      const kept = idTokens.get(session);
      idTokens.delete(session);
      return kept ? (providers.get(kept.provider)?.at.signOutUrl(kept.idToken, returnTo) ?? null) : null;
    },
  };
}

const providerUnknown = refuse('provider-unknown', 'This hub knows no such provider.', { where: 'provider' });
const answerUnknown = refuse(
  'provider-answer-unknown',
  'This answer was used already, is too old, or was asked by another browser.',
  {
    kept: 'Nobody was signed in by it.',
    cure: 'Begin again from the sign-in page.',
  },
);
const waitsForAdministrator = refuse(
  'provider-subject-waits',
  'Your provider knows you; this hospital’s Reflexe does not yet.',
  {
    kept: 'An administrator sees your name in the list of people who wait.',
    cure: 'Ask an administrator to let you in, then sign in again. For urgent care, use a ward card.',
  },
);
const noWaiting = refuse('not-found', 'Nobody waits under this number any more.', { where: 'waiting' });
const noLink = refuse('not-found', 'There is no such link.', { where: 'subject' });
const personUnknown = refuse('person-unknown', 'There is no such person.', { where: 'person' });
