import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breakGlassLimits } from '../access/breakGlass/limits.ts';
import type { BreakGlassBody, ReviewsBody, WardCardsBody } from './protocol.ts';
import type { RunningServer } from './server.ts';
import { follow } from './testFeed.ts';
import { started } from './testServer.ts';
import { type TestWaysIn, testWaysIn } from './testWaysIn.ts';

let now: number;
let parts: TestWaysIn;
let server: RunningServer;
const elodie = { name: 'Élodie Bernard', reason: 'Badge resté au vestiaire.' };
const camille = { name: 'Camille Martin', reason: 'Annuaire chiffré.' };
const paul = { name: 'Paul Durand', reason: '' };

beforeEach(async () => {
  now = Date.now();
  const clock = () => now;
  parts = testWaysIn([], clock, { now: clock, limits: { heartbeatMilliseconds: 3_600_000 } });
  server = await started(parts);
});
afterEach(() => server.close());

interface Answer {
  status: number;
  body: { [name: string]: unknown };
  cookie: string;
}
async function ask(path: string, body?: object, cookie = ''): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${server.address.port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-reflexe': '1', cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const set = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return { status: response.status, body: (await response.json()) as Answer['body'], cookie: set.join('; ') };
}
const codeOf = ({ body }: Answer) => (body.error as { code: string } | undefined)?.code ?? 'accepted';
const administrator = () => parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
function cardOf(ward: string) {
  const made = parts.waysIn.cards.make(ward, 'anne');
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
}
const opened = (code: string, who = elodie) => ask('/api/break-glass/care', { ...who, code });

describe('care break-glass', () => {
  it('opens this ward and no other, whatever identifier is asked for', async () => {
    const { code } = cardOf('cardiology');
    const looked = await ask('/api/break-glass/card', { code });
    expect(looked.body).toMatchObject({ ward: { fr: 'Service cardiology' }, again: null });
    const { status, cookie } = await opened(code);
    expect(status).toBe(200);
    const act = (ward: string) => ask('/api/worlds/live/ward/refusals', { ward }, cookie);
    // Allowed, then refused by the world itself, which knows no such command.
    expect(codeOf(await act('cardiology'))).toBe('line-refused');
    for (const elsewhere of ['surgery', 'maternity', 'unknown', '']) expect((await act(elsewhere)).status).toBe(403);
    expect((await ask('/api/worlds/live/lines', { text: 'x' }, cookie)).status).toBe(403);
    for (const path of ['/api/ward-cards', '/api/break-glass/reviews', '/api/providers/links']) {
      expect((await ask(path, undefined, cookie)).status).toBe(403);
    }
    expect((await ask('/api/break-glass/envelopes/seal', { language: 'fr' }, cookie)).status).toBe(403);
  });

  it('is marked on its own screen, and closed by whoever leaves', async () => {
    const { cookie } = await opened(cardOf('cardiology').code);
    const told = (await ask('/api/break-glass', undefined, cookie)).body as unknown as BreakGlassBody;
    expect(told.here).toMatchObject({ kind: 'care', ward: { fr: 'Service cardiology' } });
    expect(told).toMatchObject({ administrative: null, envelopes: null, cards: [], toReview: 0 });
    expect((await ask('/api/break-glass/close', {}, cookie)).status).toBe(200);
    expect((await ask('/api/break-glass', undefined, cookie)).status).toBe(401);
  });

  it('ends at its time: what it asks is refused, and its feed is cut', async () => {
    const { cookie } = await opened(cardOf('cardiology').code);
    const feed = await follow(`http://127.0.0.1:${server.address.port}/api/worlds/live/feed?views=lines`, { cookie });
    await feed.until(({ values }) => values.lines !== undefined);
    now += breakGlassLimits.careMilliseconds;
    expect((await ask('/api/break-glass', undefined, cookie)).status).toBe(401);
    await feed.until(({ messages }) => messages.some(({ kind }) => kind === 'cut'));
    await feed.ended;
    expect(parts.noted.at(-1)).toMatchObject({ type: 'breakGlassEnded', why: 'time' });
  });

  it('never takes over a session the browser brought', async () => {
    const { cookie: planted } = await administrator();
    const { code } = cardOf('cardiology');
    const { cookie } = await ask('/api/break-glass/care', { ...elodie, code }, planted);
    expect((await ask('/api/ward-cards', undefined, cookie)).status).toBe(403);
    expect((await ask('/api/ward-cards', undefined, planted)).status).toBe(401);
  });

  it('says nothing of names, reasons or codes in what is logged or noted', async () => {
    const { code } = cardOf('cardiology');
    await opened(code);
    await opened('0000-0000-0000-0000');
    expect(parts.logged.length).toBeGreaterThan(1);
    expect(JSON.stringify([parts.logged, parts.noted])).not.toMatch(new RegExp(`Élodie|vestiaire|${code}|0000-0000`));
  });

  it('is reviewed by a named person who may, once', async () => {
    const { cookie: guest } = await opened(cardOf('cardiology').code);
    const { cookie, person } = await parts.someone('Dr Paul', [{ role: 'crisisDirector', scope: 'establishment' }]);
    expect((await ask('/api/break-glass', undefined, cookie)).body).toMatchObject({ toReview: 1 });
    const { pending } = (await ask('/api/break-glass/reviews', undefined, cookie)).body as unknown as ReviewsBody;
    expect(pending).toMatchObject([{ ...elodie, ward: { fr: 'Service cardiology' }, endedAt: null }]);
    const use = pending[0]?.id;
    const verdict = { use, outcome: 'questioned', note: 'Rappeler le service.' };
    expect((await ask('/api/break-glass/review', verdict, guest)).status).toBe(403);
    const after = (await ask('/api/break-glass/review', verdict, cookie)).body as unknown as ReviewsBody;
    expect(after.pending).toEqual([]);
    expect(after.reviewed).toMatchObject([{ outcome: 'questioned', note: 'Rappeler le service.', by: 'Dr Paul' }]);
    expect(codeOf(await ask('/api/break-glass/review', verdict, cookie))).toBe('reviewed-already');
    expect(parts.noted.at(-1)).toEqual({ type: 'breakGlassReviewed', use, by: person.id, outcome: 'questioned' });
  });
});

describe('ward cards', () => {
  it('are printed, listed without their code, renewed and revoked by an administrator who proved who they are', async () => {
    const { cookie } = await administrator();
    const made = await ask('/api/ward-cards/make', { wards: ['cardiology', 'surgery'], language: 'fr' }, cookie);
    expect(Buffer.from(String(made.body.pdf), 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    const { wards } = (await ask('/api/ward-cards', undefined, cookie)).body as unknown as WardCardsBody;
    expect(wards.map(({ id, cards }) => [id, cards.length])).toEqual([
      ['cardiology', 1],
      ['surgery', 1],
      ['maternity', 0],
    ]);
    const card = wards[0]?.cards[0]?.id;
    expect((await ask('/api/ward-cards/renew', { card, language: 'en' }, cookie)).status).toBe(200);
    expect(codeOf(await ask('/api/ward-cards/renew', { card, language: 'en' }, cookie))).toBe('not-found');
    const second = wards[1]?.cards[0]?.id;
    const left = (await ask('/api/ward-cards/revoke', { card: second }, cookie)).body as unknown as WardCardsBody;
    expect(left.wards[1]?.cards).toEqual([]);
  });

  it('are made all or none: a ward that is not there leaves no card nobody holds', async () => {
    const { cookie } = await administrator();
    const made = await ask('/api/ward-cards/make', { wards: ['cardiology', 'nowhere'], language: 'fr' }, cookie);
    expect(codeOf(made)).toBe('ward-unknown');
    const { wards } = (await ask('/api/ward-cards', undefined, cookie)).body as unknown as WardCardsBody;
    expect(wards.flatMap(({ cards }) => cards)).toEqual([]);
  });

  it('that may have been copied are shown to those who renew them', async () => {
    const { code } = cardOf('cardiology');
    for (let place = 0; place < breakGlassLimits.placesBeforeAlarm; place += 1) {
      parts.waysIn.care.open({ ...elodie, code }, { address: `10.0.0.${place}` });
    }
    const { cookie } = await administrator();
    const { cards } = (await ask('/api/break-glass', undefined, cookie)).body as unknown as BreakGlassBody;
    expect(cards).toEqual([{ ward: { fr: 'Service cardiology', en: 'Ward cardiology' }, places: 4 }]);
    expect(parts.noted.at(-1)).toMatchObject({ type: 'wardCardSeenInManyPlaces', places: 4 });
  });
});

describe('administrative break-glass', () => {
  const give = (code: string, who = camille) => ask('/api/break-glass/administrative', { ...who, code });

  it('opens with two people and tells everybody until the envelopes are sealed anew', async () => {
    const [one, other] = parts.waysIn.administrative.seal('anne').codes;
    const { cookie: nurse } = await parts.someone('nurse', [{ role: 'clinician', scope: 'ward', ward: 'surgery' }]);
    const toldNurse = async () => (await ask('/api/break-glass', undefined, nurse)).body as unknown as BreakGlassBody;
    expect((await toldNurse()).administrative).toBeNull();
    const first = await give(one);
    expect(first.body).toMatchObject({ opened: false, envelope: 1 });
    expect(first.cookie).toBe('');
    expect((await ask('/api/break-glass/envelopes')).body).toMatchObject({ waiting: { envelope: 1 } });
    // Used alone already, everybody is told.
    expect((await toldNurse()).administrative).toMatchObject({ openUntil: null });
    const second = await give(other, paul);
    expect(second.body).toMatchObject({ opened: true });
    expect((await toldNurse()).administrative?.openUntil).toBe(second.body.until);
    const here = (await ask('/api/break-glass', undefined, second.cookie)).body as unknown as BreakGlassBody;
    expect(here).toMatchObject({ here: { kind: 'administrative' }, envelopes: 'opened' });
    const sealed = await ask('/api/break-glass/envelopes/seal', { language: 'fr' }, second.cookie);
    expect(Buffer.from(String(sealed.body.pdf), 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect((await toldNurse()).administrative).toBeNull();
    expect(codeOf(await give(one))).toBe('envelope-unknown');
  });

  it('lets nobody in by one envelope, nor one person by two', async () => {
    const [one, other] = parts.waysIn.administrative.seal('anne').codes;
    await give(one);
    expect((await give(one, { ...paul, reason: 'Encore.' })).body).toMatchObject({ opened: false });
    const both = await give(other, { ...paul, name: 'paul DURAND' });
    expect([both.status, codeOf(both), both.cookie]).toEqual([422, 'second-person-needed', '']);
  });

  it('ends within the hour', async () => {
    const [one, other] = parts.waysIn.administrative.seal('anne').codes;
    await give(one);
    const { cookie } = await give(other, paul);
    now += breakGlassLimits.administrativeMilliseconds - 1;
    expect((await ask('/api/break-glass', undefined, cookie)).status).toBe(200);
    now += 1;
    expect((await ask('/api/break-glass', undefined, cookie)).status).toBe(401);
  });
});
