import { accept, type Result, refuse } from '../../journal/result.ts';
import { createDelays } from '../delays.ts';
import type { Tokens } from '../ports.ts';
import type { Sealer } from '../sealer.ts';
import type { OnWaysIn } from '../waysInNotices.ts';
import { makeCode, readCode, wardCardSymbols } from './code.ts';
import type { WardCard, WardCardStore } from './ports.ts';

const day = 24 * 3600_000;

/** Every bound of ward cards, with its reason. */
export const wardCardLimits = {
  /** Printed again once a year, with the plan blanc's revision; a card lost in a drawer does not open for ever. */
  validMilliseconds: 366 * day,
  /** Nurses' station, crash trolley, crisis bag, and a few more. */
  cardsPerWard: 12,
  /** How long an ended card still says that it was ended rather than unknown. */
  rememberedMilliseconds: 90 * day,
} as const;

/** A card just made: the only moment its code exists outside the paper. */
export interface FreshCard {
  card: WardCard;
  code: string;
}

export interface WardCards {
  make(ward: string, by: string): Result<FreshCard>;
  /** A new code for the same ward; the card that was lost, photographed or worn opens nothing from now on. */
  renew(card: string, by: string): Result<FreshCard>;
  revoke(card: string, by: string): Result<WardCard>;
  list(): WardCard[];
  /** The valid card a typed or scanned code stands for. Wrong ones make the next tries from there wait. */
  recognise(typed: string, address: string): Result<WardCard>;
}

export interface WardCardParts {
  store: WardCardStore;
  tokens: Tokens;
  /** Keyed: whoever steals the store cannot try codes against it. */
  index: Pick<Sealer, 'index'>;
  /** Ids of the wards on the map. */
  wards(): readonly string[];
  now(): number;
  announce: OnWaysIn;
}

export function createWardCards({ store, tokens, index, wards, now, announce }: WardCardParts): WardCards {
  const delays = createDelays();
  const isValid = (card: WardCard): boolean => card.ended === null && now() < card.expiresAt;

  function fresh(ward: string, by: string): FreshCard {
    const code = makeCode(wardCardSymbols, tokens.fresh);
    const card: WardCard = {
      id: tokens.newId('card'),
      ward,
      codeIndex: index.index('wardCards.code', code),
      madeAt: now(),
      madeBy: by,
      expiresAt: now() + wardCardLimits.validMilliseconds,
      ended: null,
      lastUsedAt: null,
    };
    store.put(card);
    announce({ type: 'wardCardMade', card: card.id, ward, by });
    return { card, code };
  }

  function end(id: string, by: string, why: 'renewed' | 'revoked'): Result<WardCard> {
    const card = store.byId(id);
    if (!card || card.ended !== null) return noCard;
    const ended: WardCard = { ...card, ended: { at: now(), by, why } };
    store.put(ended);
    announce({ type: 'wardCardEnded', card: id, ward: card.ward, by, why });
    return accept(ended);
  }

  return {
    make(ward, by) {
      if (!wards().includes(ward)) return wardUnknown;
      store.forget(now() - wardCardLimits.rememberedMilliseconds);
      const valid = store.list().filter((card) => card.ward === ward && isValid(card));
      return valid.length < wardCardLimits.cardsPerWard ? accept(fresh(ward, by)) : tooManyCards;
    },

    renew(id, by) {
      const ended = end(id, by, 'renewed');
      return ended.ok ? accept(fresh(ended.value.ward, by)) : ended;
    },

    revoke: (id, by) => end(id, by, 'revoked'),
    list: () => store.list(),

    recognise(typed, address) {
      const code = readCode(typed, wardCardSymbols);
      if (!code.ok) return code;
      const wait = delays.begin([['address', address]], now());
      if (wait > 0) return tooMany(wait);
      const card = store.byIndex(index.index('wardCards.code', code.value));
      if (!card) return cardUnknown;
      delays.succeeded([['address', address]]);
      if (!isValid(card)) return cardEnded;
      const used = { ...card, lastUsedAt: now() };
      store.put(used);
      return accept(used);
    },
  };
}

const wardUnknown = refuse('ward-unknown', 'The map has no such ward.', { where: 'ward' });
const noCard = refuse('not-found', 'There is no such card, or it was ended already.', { where: 'card' });
const tooManyCards = refuse('ward-cards-too-many', 'This ward has as many cards as it may have.', {
  where: 'ward',
  expected: `${wardCardLimits.cardsPerWard} valid cards at most`,
  cure: 'Renew or revoke one of them.',
});
const cardUnknown = refuse('ward-card-unknown', 'No card holds this code.', {
  cure: 'Compare it with the card, or take another card of the ward.',
});
const cardEnded = refuse('ward-card-ended', 'This card was replaced or revoked, or has expired.', {
  cure: 'Take the ward’s newer card, or ask an administrator to print one.',
});

export function tooMany(waitMilliseconds: number) {
  const seconds = Math.ceil(waitMilliseconds / 1000);
  return {
    ...refuse('too-many-attempts', `Too many wrong codes from here: wait ${seconds} s.`, {
      kept: 'This code was not looked at, and nothing is locked.',
      cure: `Try again in ${seconds} s, or from another device.`,
      retryable: true,
    }),
    retryAfterSeconds: seconds,
  };
}
