import { accept, type Result, refuse } from '../../journal/result.ts';
import type { AccessLimits } from '../limits.ts';
import type { OnNotice } from '../notices.ts';
import type { Person } from '../person.ts';
import type { PeopleStore, Session, Tokens } from '../ports.ts';
import type { Grant } from '../roles.ts';
import type { SignedIn } from '../sessions.ts';
import type { ApiToken, ApiTokenStore } from './ports.ts';

export interface ApiTokenParts {
  store: ApiTokenStore;
  people: PeopleStore;
  tokens: Tokens;
  now(): number;
  limits: AccessLimits;
  announce: OnNotice;
  /** Whatever this token opened is over. */
  cut(token: string): void;
}

export interface ApiTokens {
  /** The only moment the token exists outside the program that will show it. */
  make(
    person: Person,
    asked: { label: string; grants: readonly Grant[]; days: number },
  ): Result<{ made: ApiToken; token: string }>;
  /** Who the token stands for: its owner, with no more than both of them may today. */
  find(token: string): SignedIn | undefined;
  /** The same by id: whether what was opened by this token may go on. */
  look(person: string, id: string): SignedIn | undefined;
  list(person: string): ApiToken[];
  end(person: string, id: string): Result<void>;
  /** Says that one of ours was seen in an address; undefined: none of ours, or no longer. */
  seenInUrl(text: string): ApiToken | undefined;
}

const dayMilliseconds = 24 * 3_600_000;
/** `rfx_`, 43 signs, and the first eight hex digits of the SHA-256 of what stands before: a leak is recognised without asking us. */
const shape = /\brfx_[\w-]{43}[0-9a-f]{8}/;

export const looksLikeApiToken = (text: string): boolean => shape.test(text);

export function createApiTokens({ store, people, tokens, now, limits, announce, cut }: ApiTokenParts): ApiTokens {
  const checksum = (body: string): string => tokens.hashOf(body).slice(0, 8);
  const isWhole = (token: string): boolean =>
    shape.exec(token)?.[0] === token && checksum(token.slice(0, -8)) === token.slice(-8);

  function valid(token: string): ApiToken | undefined {
    const found = isWhole(token) ? store.find(tokens.hashOf(token)) : undefined;
    return found && now() < found.expiresAt ? found : undefined;
  }

  function standingFor(token: ApiToken): SignedIn | undefined {
    const owner = people.byId(token.person);
    if (!owner) return undefined;
    const grants = token.grants.filter((grant) => owner.grants.some((own) => covers(own, grant)));
    return { person: { ...owner, grants }, session: standIn(token, now()), enrolling: false };
  }

  return {
    make(person, { label, grants, days }) {
      if (days < 1 || days > limits.apiTokenDaysMax) return tokenTooLong(limits.apiTokenDaysMax);
      if (grants.length === 0 || !grants.every((grant) => person.grants.some((own) => covers(own, grant)))) {
        return scopeTooWide;
      }
      if (store.of(person.id).length >= limits.apiTokensPerPerson) return tooManyTokens(limits.apiTokensPerPerson);
      const body = `rfx_${tokens.fresh()}`;
      const token = `${body}${checksum(body)}`;
      const made: ApiToken = {
        id: tokens.newId('token'),
        person: person.id,
        label: label.trim(),
        tokenHash: tokens.hashOf(token),
        grants,
        createdAt: now(),
        expiresAt: now() + days * dayMilliseconds,
        usedAt: null,
      };
      store.put(made);
      announce({ type: 'apiTokenMade', person: person.id, token: made.id, until: made.expiresAt });
      return accept({ made, token });
    },

    find(token) {
      const found = valid(token);
      if (found && now() - (found.usedAt ?? 0) >= limits.seenEveryMilliseconds) store.used(found.id, now());
      return found && standingFor(found);
    },

    look(person, id) {
      const found = store.of(person).find((token) => token.id === id);
      return found && now() < found.expiresAt ? standingFor(found) : undefined;
    },

    list: (person) => store.of(person),

    end(person, id) {
      if (!store.remove(person, id)) return refuse('not-found', 'There is no such token of yours.', { where: 'token' });
      cut(id);
      announce({ type: 'apiTokenEnded', person, token: id });
      return accept(undefined);
    },

    seenInUrl(text) {
      const found = valid(shape.exec(text)?.[0] ?? '');
      if (found) announce({ type: 'apiTokenInUrl', person: found.person, token: found.id });
      return found;
    },
  };
}

/** Whether whoever holds `own` may pass `asked` on. A site’s wards are not looked up: a site covers itself. */
const covers = (own: Grant, asked: Grant): boolean =>
  own.role === asked.role &&
  (own.scope === 'establishment' ||
    (own.scope === 'site' && asked.scope === 'site' && own.site === asked.site) ||
    (own.scope === 'ward' && asked.scope === 'ward' && own.ward === asked.ward));

/** A program has no session and proves nothing again: acts that ask for a recent proof are not for it. */
const standIn = ({ id, person, createdAt }: ApiToken, now: number): Session => ({
  id,
  tokenHash: '',
  nextTokenHash: null,
  formerTokenHash: null,
  tokenAt: createdAt,
  person,
  createdAt,
  seenAt: now,
  provedAt: 0,
  method: 'apiToken',
  strength: 2,
  device: '',
});

const tokenTooLong = (days: number) =>
  refuse('token-too-long', 'A token does not last that long.', {
    where: 'days',
    expected: `1 to ${days} days`,
    kept: 'No token was made.',
    cure: 'Choose a shorter time, and make a new one before it ends.',
  });

const scopeTooWide = refuse('token-scope-too-wide', 'A token may do no more than you.', {
  where: 'grants',
  expected: 'one or more of your own rights, or a part of one',
  kept: 'No token was made.',
});

const tooManyTokens = (most: number) =>
  refuse('tokens-too-many', 'You have as many tokens as one account takes.', {
    expected: `${most} at most`,
    cure: 'End those that no program uses any more.',
  });
