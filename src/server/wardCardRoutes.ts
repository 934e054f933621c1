import { z } from 'zod';
import type { FreshCard } from '../access/wardCards/wardCards.ts';
import { accept, type Result } from '../journal/result.ts';
import { type JsonRequest, type JsonRoute, jsonRoute } from './declare.ts';
import type { PaperBody, WardCardsBody } from './protocol.ts';
import { letterhead, type WaysInSetting } from './waysInSetting.ts';

const id = z.string().min(1).max(200);
const language = z.enum(['fr', 'en']);
/** A whole hospital's wards at once: fifty sheets. */
const Make = z.strictObject({ wards: z.array(id).min(1).max(200), language });

/** Printing, renewing and withdrawing ward cards. Their codes are on the paper and nowhere else. */
export function wardCardRoutes(setting: WaysInSetting): JsonRoute[] {
  const { waysIn, wards, printer, now } = setting;
  const { cards, uses } = waysIn;

  function list(): Result<WardCardsBody> {
    const all = cards.list();
    const places = new Map(uses.cardAlarms().map((alarm) => [alarm.card, alarm.places]));
    const date = (at: number | null) => (at === null ? null : new Date(at).toISOString());
    return accept({
      wards: wards().map((ward) => ({
        ...ward,
        cards: all
          .filter((card) => card.ward === ward.id && card.ended === null && now() < card.expiresAt)
          .map(({ id: card, madeAt, expiresAt, lastUsedAt }) => ({
            id: card,
            madeAt: new Date(madeAt).toISOString(),
            expiresAt: new Date(expiresAt).toISOString(),
            lastUsedAt: date(lastUsedAt),
            manyPlaces: places.get(card) ?? null,
          })),
      })),
    });
  }

  async function printed(
    made: readonly FreshCard[],
    { request }: Pick<JsonRequest<unknown, 'wardCard.manage'>, 'request'>,
    inLanguage: 'fr' | 'en',
  ): Promise<Result<PaperBody>> {
    const names = new Map(wards().map((ward) => [ward.id, ward.name]));
    const paper = made.map(({ card, code }) => ({
      ward: names.get(card.ward) ?? { fr: card.ward, en: card.ward },
      code,
      expiresAt: card.expiresAt,
    }));
    const pdf = await printer.wardCards(paper, letterhead(setting, request, inLanguage));
    return accept({ pdf: Buffer.from(pdf).toString('base64') });
  }

  return [
    jsonRoute({ method: 'GET', url: '/api/ward-cards', act: 'wardCard.manage', handle: list }),
    jsonRoute({
      method: 'POST',
      url: '/api/ward-cards/make',
      act: 'wardCard.manage',
      body: Make,
      async handle({ body, person, request }) {
        const made: FreshCard[] = [];
        for (const ward of new Set(body.wards)) {
          const card = cards.make(ward, person.id);
          if (!card.ok) {
            // Nobody will hold those made so far: no paper, no card.
            for (const one of made) cards.revoke(one.card.id, person.id);
            return card;
          }
          made.push(card.value);
        }
        return printed(made, { request }, body.language);
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/ward-cards/renew',
      act: 'wardCard.manage',
      body: z.strictObject({ card: id, language }),
      async handle({ body, person, request }) {
        const renewed = cards.renew(body.card, person.id);
        return renewed.ok ? printed([renewed.value], { request }, body.language) : renewed;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/ward-cards/revoke',
      act: 'wardCard.manage',
      body: z.strictObject({ card: id }),
      handle({ body, person }) {
        const revoked = cards.revoke(body.card, person.id);
        return revoked.ok ? list() : revoked;
      },
    }),
  ];
}
