import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { breakGlassLimits } from '../access/breakGlass/limits.ts';
import type { BreakGlassUse } from '../access/breakGlass/ports.ts';
import { may, type Subject } from '../access/person.ts';
import { type Act, rightTo } from '../access/policy.ts';
import type { Issued } from '../access/sessions.ts';
import { accept, type Result } from '../journal/result.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type {
  BreakGlassBody,
  CardOpensBody,
  CareOpenedBody,
  EnvelopeGivenBody,
  EnvelopesWaitingBody,
  PaperBody,
  ReviewsBody,
} from './protocol.ts';
import { letterhead, type WaysInSetting } from './waysInSetting.ts';

const { nameCharactersMax, reasonCharactersMax, noteCharactersMax } = breakGlassLimits;
const id = z.string().min(1).max(200);
const code = z.string().min(1).max(100);
const name = z.string().max(nameCharactersMax);
const reason = z.string().max(reasonCharactersMax);
const Said = z.strictObject({ code, name, reason });
const Reviewed = z.strictObject({
  use: id,
  outcome: z.enum(['accepted', 'questioned']),
  note: z.string().max(noteCharactersMax),
});

const date = (at: number): string => new Date(at).toISOString();
const dateOrNone = (at: number | null): string | null => (at === null ? null : date(at));

/** Opening by ward card or by sealed envelopes, what everybody is told of it, and its reviews. */
export function breakGlassRoutes(setting: WaysInSetting): JsonRoute[] {
  const { waysIn, cookies, wards, nameOf } = setting;
  const { care, administrative, uses } = waysIn;
  const wardName = (ward: string) => wards().find((one) => one.id === ward)?.name ?? { fr: ward, en: ward };

  function entered(reply: FastifyReply, issued: Issued, use: BreakGlassUse): Result<CareOpenedBody> {
    cookies.give(reply, issued);
    return accept({ until: date(use.endsAt) });
  }

  function told(subject: Subject | null): BreakGlassBody {
    const mine = subject === null ? undefined : uses.of(subject.person.id);
    const can = (act: Act) => may(subject, rightTo(act)).ok;
    const open = uses.open().filter(({ kind }) => kind === 'administrative');
    const { state, since } = administrative.state();
    return {
      here: mine
        ? {
            use: mine.id,
            kind: mine.kind,
            ward: mine.ward === null ? null : wardName(mine.ward),
            until: date(mine.endsAt),
          }
        : null,
      // Everybody is told, until the envelopes are sealed anew.
      administrative:
        state === 'opened' || state === 'void'
          ? {
              since: date(since ?? 0),
              openUntil: open.length > 0 ? date(Math.max(...open.map(({ endsAt }) => endsAt))) : null,
            }
          : null,
      envelopes: can('envelope.manage') ? state : null,
      cards: can('wardCard.manage')
        ? uses.cardAlarms().map(({ ward, places }) => ({ ward: wardName(ward), places }))
        : [],
      toReview: mine === undefined && can('breakGlass.review') ? uses.pending().length : 0,
    };
  }

  function reviews(): Result<ReviewsBody> {
    const pending = uses.pending().map((use) => ({
      id: use.id,
      kind: use.kind,
      ward: use.ward === null ? null : wardName(use.ward),
      name: use.name,
      reason: use.reason,
      from: use.address,
      openedAt: date(use.openedAt),
      endsAt: date(use.endsAt),
      endedAt: dateOrNone(use.endedAt),
    }));
    const reviewed = uses.reviewed().map((use) => ({
      id: use.id,
      kind: use.kind,
      ward: use.ward === null ? null : wardName(use.ward),
      name: use.name,
      openedAt: date(use.openedAt),
      outcome: use.review.outcome,
      note: use.review.note,
      by: nameOf(use.review.by),
      at: date(use.review.at),
    }));
    return accept({ pending, reviewed });
  }

  return [
    jsonRoute({
      method: 'POST',
      url: '/api/break-glass/card',
      act: 'session.open',
      body: z.strictObject({ code }),
      handle({ body, request }) {
        const opens = care.look(body.code, cookies.caller(request));
        if (!opens.ok) return opens;
        const { ward, endsAt, again } = opens.value;
        return accept<CardOpensBody>({ ward: wardName(ward), until: date(endsAt), again });
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/break-glass/care',
      act: 'session.open',
      body: Said,
      handle({ body, request, reply }) {
        const opened = care.open(body, cookies.caller(request));
        return opened.ok ? entered(reply, opened.value.issued, opened.value.use) : opened;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/break-glass/care/again',
      act: 'session.open',
      body: z.strictObject({ code }),
      handle({ body, request, reply }) {
        const opened = care.openAgain(body.code, cookies.caller(request));
        return opened.ok ? entered(reply, opened.value.issued, opened.value.use) : opened;
      },
    }),
    jsonRoute({
      method: 'GET',
      url: '/api/break-glass/envelopes',
      act: 'session.see',
      handle() {
        const waiting = administrative.waiting();
        return accept<EnvelopesWaitingBody>({
          waiting: waiting && { envelope: waiting.envelope, until: date(waiting.until) },
        });
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/break-glass/administrative',
      act: 'session.open',
      body: Said,
      handle({ body, request, reply }) {
        const given = administrative.give(body, cookies.caller(request));
        if (!given.ok) return given;
        if (given.value.opened) {
          cookies.give(reply, given.value.issued);
          return accept<EnvelopeGivenBody>({ opened: true, until: date(given.value.use.endsAt) });
        }
        const { envelope, until } = given.value.waiting;
        return accept<EnvelopeGivenBody>({ opened: false, envelope, until: date(until) });
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/break-glass/envelopes/seal',
      act: 'envelope.manage',
      body: z.strictObject({ language: z.enum(['fr', 'en']) }),
      async handle({ body, person, request }) {
        const sealed = administrative.seal(person.id);
        const pdf = await setting.printer.envelopes(sealed.codes, letterhead(setting, request, body.language));
        return accept<PaperBody>({ pdf: Buffer.from(pdf).toString('base64') });
      },
    }),
    jsonRoute({
      method: 'GET',
      url: '/api/break-glass',
      act: 'worlds.see',
      handle: ({ request }) => accept(told(request.signedIn)),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/break-glass/close',
      act: 'session.end',
      handle({ person, reply }) {
        const use = person ? uses.of(person.id) : undefined;
        cookies.takeBack(reply);
        return use ? uses.close(use.id) : accept({});
      },
    }),
    jsonRoute({ method: 'GET', url: '/api/break-glass/reviews', act: 'breakGlass.review', handle: reviews }),
    jsonRoute({
      method: 'POST',
      url: '/api/break-glass/review',
      act: 'breakGlass.review',
      body: Reviewed,
      handle({ body: { use, ...verdict }, person }) {
        const reviewed = uses.review(use, person.id, verdict);
        return reviewed.ok ? reviews() : reviewed;
      },
    }),
  ];
}
