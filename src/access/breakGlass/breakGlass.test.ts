import { beforeEach, describe, expect, it } from 'vitest';
import { createPasswordHasher } from '../../adapters/argon2/passwordHasher.ts';
import { tokens } from '../../adapters/crypto/tokens.ts';
import { oneTimeCodes as codes } from '../../adapters/otpauth/oneTimeCodes.ts';
import { passkeyCeremonies as ceremonies } from '../../adapters/webauthn/passkeyCeremonies.ts';
import { type Access, createAccess } from '../access.ts';
import { memorySealer } from '../memorySealer.ts';
import { memoryStores } from '../memoryStores.ts';
import { memoryLinks } from '../oidc/memoryLinks.ts';
import type { Person } from '../person.ts';
import type { AccessStores } from '../ports.ts';
import type { Caller } from '../sessions.ts';
import { memoryWardCards } from '../wardCards/memoryWardCards.ts';
import { wardCardLimits } from '../wardCards/wardCards.ts';
import { createWaysIn, type WaysIn } from '../waysIn.ts';
import type { WaysInNotice } from '../waysInNotices.ts';
import { breakGlassLimits as limits } from './limits.ts';
import { memoryBreakGlass, memoryEnvelopes } from './memoryBreakGlass.ts';
import { untilTheirTime } from './uses.ts';

const post: Caller = { address: '10.0.0.7' };
const elodie = { name: 'Élodie Bernard', reason: 'Badge resté au vestiaire, patient en choc.' };

let now: number;
let stores: AccessStores;
let access: Access;
let waysIn: WaysIn;
let noted: WaysInNotice[];
let ended: string[];
beforeEach(() => {
  now = Date.UTC(2026, 7, 3, 3);
  noted = [];
  ended = [];
  stores = memoryStores();
  const breakGlass = memoryBreakGlass();
  const people = untilTheirTime(stores.people, breakGlass, () => now);
  access = createAccess({
    stores: { ...stores, people },
    hasher: createPasswordHasher(),
    tokens,
    ceremonies,
    codes,
    now: () => now,
  });
  access.sessions.onEnded((session) => ended.push(session));
  waysIn = createWaysIn({
    access,
    people,
    newcomers: people,
    devices: stores.devices,
    stores: { wardCards: memoryWardCards(), breakGlass, envelopes: memoryEnvelopes(), ...memoryLinks() },
    providers: [],
    wards: () => ['gh:rea', 'gh:cardio'],
    tokens,
    index: memorySealer(),
    now: () => now,
    announce: (notice) => void noted.push(notice),
  });
});

function value<Value>(result: { ok: true; value: Value } | { ok: false; refusal: { code: string } }): Value {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}
const code = (result: { ok: boolean; refusal?: { code: string } }) => result.refusal?.code ?? 'accepted';
const types = () => noted.map(({ type }) => type);
const cardOf = (ward: string) => value(waysIn.cards.make(ward, 'anne'));

describe('a ward card', () => {
  it('is made for a ward of the map alone, and not without end', () => {
    expect(code(waysIn.cards.make('gh:elsewhere', 'anne'))).toBe('ward-unknown');
    for (let made = 0; made < wardCardLimits.cardsPerWard; made += 1) cardOf('gh:rea');
    expect(code(waysIn.cards.make('gh:rea', 'anne'))).toBe('ward-cards-too-many');
    expect(code(waysIn.cards.make('gh:cardio', 'anne'))).toBe('accepted');
  });

  it('photographed: once renewed or revoked it opens nothing, and what was printed in its place does', () => {
    const first = cardOf('gh:rea');
    const second = value(waysIn.cards.renew(first.card.id, 'anne'));
    expect(code(waysIn.cards.recognise(first.code, post.address))).toBe('ward-card-ended');
    expect(code(waysIn.care.open({ ...elodie, code: first.code }, post))).toBe('ward-card-ended');
    expect(value(waysIn.cards.recognise(second.code, post.address)).ward).toBe('gh:rea');
    value(waysIn.cards.revoke(second.card.id, 'anne'));
    expect(code(waysIn.cards.recognise(second.code, post.address))).toBe('ward-card-ended');
    expect(code(waysIn.cards.renew(second.card.id, 'anne'))).toBe('not-found');
    expect(types()).toEqual(['wardCardMade', 'wardCardEnded', 'wardCardMade', 'wardCardEnded']);
  });

  it('expires', () => {
    const { code: printed } = cardOf('gh:rea');
    now += wardCardLimits.validMilliseconds;
    expect(code(waysIn.cards.recognise(printed, post.address))).toBe('ward-card-ended');
  });

  it('is not guessed: wrong codes wait longer and longer, slips of the finger count for nothing', () => {
    const { code: printed } = cardOf('gh:rea');
    const wrong = cardOf('gh:cardio');
    value(waysIn.cards.revoke(wrong.card.id, 'anne'));
    for (let slip = 0; slip < 100; slip += 1) {
      expect(code(waysIn.cards.recognise('0000-0000-0000-0001', post.address))).toBe('code-mistyped');
    }
    const codes = Array.from({ length: 30 }, () => code(waysIn.cards.recognise('0000-0000-0000-0000', post.address)));
    expect(codes).toContain('ward-card-unknown');
    expect(codes.at(-1)).toBe('too-many-attempts');
    expect(code(waysIn.cards.recognise(printed, post.address))).toBe('too-many-attempts');
    expect(code(waysIn.cards.recognise(printed, '10.0.0.8'))).toBe('accepted');
  });

  it('is kept as a keyed index', () => {
    const { code: printed } = cardOf('gh:rea');
    expect(JSON.stringify(waysIn.cards.list())).not.toContain(printed);
  });
});

describe('care break-glass', () => {
  it('opens at once, for the ward of the card alone, with name and reason, and says so by ids only', () => {
    const { card, code: printed } = cardOf('gh:rea');
    const { issued, use } = value(waysIn.care.open({ ...elodie, code: printed }, post));
    expect(issued.person).toMatchObject({
      displayName: elodie.name,
      grants: [{ role: 'clinician', scope: 'ward', ward: 'gh:rea' }],
    });
    expect(access.sessions.find(issued.sessionToken)?.person.grants).toEqual(issued.person.grants);
    expect(use).toMatchObject({ ...elodie, ward: 'gh:rea', endsAt: now + limits.careMilliseconds, review: null });
    expect(noted.at(-1)).toEqual({
      type: 'careBreakGlassOpened',
      use: use.id,
      ward: 'gh:rea',
      card: card.id,
      person: issued.person.id,
      until: new Date(use.endsAt).toISOString(),
    });
    expect(JSON.stringify(noted)).not.toMatch(/Élodie|choc|10\.0\.0\.7/);
  });

  it('asks who and why', () => {
    const { code: printed } = cardOf('gh:rea');
    expect(code(waysIn.care.open({ code: printed, name: ' . ', reason: 'urgence' }, post))).toBe(
      'break-glass-name-missing',
    );
    expect(code(waysIn.care.open({ code: printed, name: 'Élodie', reason: '--' }, post))).toBe(
      'break-glass-reason-missing',
    );
    expect(waysIn.uses.pending()).toEqual([]);
  });

  it('ends at its very time, whoever asks, and its feed is cut by the next sweep', () => {
    const { code: printed } = cardOf('gh:rea');
    const { issued, use } = value(waysIn.care.open({ ...elodie, code: printed }, post));
    // Busy all along, so that idleness is not what ends it.
    for (; now < use.endsAt - 1; now = Math.min(use.endsAt - 1, now + 600_000)) {
      expect(access.sessions.find(issued.sessionToken, 'act')).toBeDefined();
    }
    expect(access.sessions.look(issued.session.id)).toBeDefined();
    now = use.endsAt;
    expect(access.sessions.look(issued.session.id)).toBeUndefined();
    expect(access.sessions.find(issued.sessionToken)).toBeUndefined();
    expect(ended).toEqual([]);
    waysIn.uses.sweep();
    expect(ended).toEqual([issued.session.id]);
    expect(noted.at(-1)).toEqual({ type: 'breakGlassEnded', use: use.id, why: 'time' });
    expect(stores.people.byId(issued.person.id)?.grants).toEqual([]);
    waysIn.uses.sweep();
    expect(types().filter((type) => type === 'breakGlassEnded')).toHaveLength(1);
  });

  it('after a pause opens again by the card alone, in the same browser, as the same use', () => {
    const { code: printed } = cardOf('gh:rea');
    const { issued, use } = value(waysIn.care.open({ ...elodie, code: printed }, post));
    const browser = { ...post, deviceToken: issued.deviceToken };
    now += 3600_000;
    expect(access.sessions.find(issued.sessionToken)).toBeUndefined();
    expect(value(waysIn.care.look(printed, browser))).toMatchObject({ again: elodie.name, endsAt: use.endsAt });
    expect(value(waysIn.care.look(printed, post)).again).toBeNull();
    expect(code(waysIn.care.openAgain(printed, post))).toBe('not-found');
    const again = value(waysIn.care.openAgain(printed, browser));
    expect([again.issued.person.id, again.use.id]).toEqual([issued.person.id, use.id]);
    expect(access.sessions.find(again.issued.sessionToken)).toBeDefined();
    expect(waysIn.uses.pending()).toHaveLength(1);
    now = use.endsAt;
    expect(code(waysIn.care.openAgain(printed, browser))).toBe('not-found');
  });

  it('from more places than a ward has raises an alarm, each time there is one more', () => {
    const { card, code: printed } = cardOf('gh:rea');
    for (let place = 1; place <= limits.placesBeforeAlarm + 1; place += 1) {
      value(waysIn.care.open({ ...elodie, code: printed }, { address: `10.0.0.${place}` }));
      value(waysIn.care.open({ ...elodie, code: printed }, { address: `10.0.0.${place}` }));
    }
    const alarms = noted.filter(({ type }) => type === 'wardCardSeenInManyPlaces');
    expect(alarms).toEqual([
      { type: 'wardCardSeenInManyPlaces', card: card.id, ward: 'gh:rea', places: limits.placesBeforeAlarm },
      { type: 'wardCardSeenInManyPlaces', card: card.id, ward: 'gh:rea', places: limits.placesBeforeAlarm + 1 },
    ]);
    expect(waysIn.uses.cardAlarms()).toEqual([{ card: card.id, ward: 'gh:rea', places: 5 }]);
  });

  it('is limited in the hour for one card, and another card of the ward still opens', () => {
    const { code: printed } = cardOf('gh:rea');
    const other = cardOf('gh:rea');
    for (let use = 0; use < limits.usesPerCardPerHour; use += 1) {
      value(waysIn.care.open({ ...elodie, code: printed }, post));
    }
    expect(code(waysIn.care.open({ ...elodie, code: printed }, post))).toBe('ward-card-too-many-uses');
    expect(code(waysIn.care.open({ ...elodie, code: other.code }, post))).toBe('accepted');
    now += 3600_001;
    expect(code(waysIn.care.open({ ...elodie, code: printed }, post))).toBe('accepted');
  });

  it('is reviewed once, by somebody else, and a question says what is questioned', () => {
    const { code: printed } = cardOf('gh:rea');
    const { issued, use } = value(waysIn.care.open({ ...elodie, code: printed }, post));
    const accepted = { outcome: 'accepted', note: '' } as const;
    expect(waysIn.uses.pending().map(({ id }) => id)).toEqual([use.id]);
    const other = value(waysIn.care.open({ ...elodie, code: printed }, post));
    for (const guest of [issued, other.issued])
      expect(code(waysIn.uses.review(use.id, guest.person.id, accepted))).toBe('review-own');
    value(waysIn.uses.review(other.use.id, 'paul', accepted));
    expect(code(waysIn.uses.review(use.id, 'paul', { outcome: 'questioned', note: ' ' }))).toBe('note-missing');
    expect(value(waysIn.uses.review(use.id, 'paul', accepted)).review).toMatchObject({ by: 'paul', at: now });
    expect(code(waysIn.uses.review(use.id, 'anne', { outcome: 'questioned', note: 'Non' }))).toBe('reviewed-already');
    expect(waysIn.uses.pending()).toEqual([]);
    expect(access.sessions.find(issued.sessionToken)).toBeDefined();
  });

  it('is erased a year after, with its guest, once over and reviewed; the journal keeps its ids', () => {
    const { code: printed } = cardOf('gh:rea');
    const { issued, use } = value(waysIn.care.open({ ...elodie, code: printed }, post));
    const waits = value(waysIn.care.open({ ...elodie, code: printed }, post));
    value(waysIn.uses.review(use.id, 'paul', { outcome: 'accepted', note: '' }));
    now += limits.keptMilliseconds + 1;
    waysIn.uses.sweep();
    now += limits.forgetEveryMilliseconds;
    waysIn.uses.sweep();
    expect(stores.people.byId(issued.person.id)).toBeUndefined();
    expect(waysIn.uses.reviewed()).toEqual([]);
    expect(waysIn.uses.pending().map(({ id }) => id)).toEqual([waits.use.id]);
  });

  it('is closed by whoever leaves before its time', () => {
    const { code: printed } = cardOf('gh:rea');
    const { issued, use } = value(waysIn.care.open({ ...elodie, code: printed }, post));
    value(waysIn.uses.close(use.id));
    expect(access.sessions.find(issued.sessionToken)).toBeUndefined();
    expect(noted.at(-1)).toEqual({ type: 'breakGlassEnded', use: use.id, why: 'closed' });
    expect(waysIn.uses.pending().map(({ id }) => id)).toEqual([use.id]);
  });
});

describe('administrative break-glass', () => {
  const camille = { name: 'Camille Martin', reason: 'Annuaire chiffré, personne ne se connecte.' };
  const paul = { name: 'Paul Durand', reason: '' };
  const two = () => waysIn.administrative.seal('anne').codes;
  const give = (typed: string, who = camille, caller = post) =>
    waysIn.administrative.give({ ...who, code: typed }, caller);

  it('opens with two envelopes and two people, for a short time, whatever became of everybody’s account', () => {
    const [one, other] = two();
    expect(value(give(one))).toMatchObject({ opened: false, waiting: { envelope: 1 } });
    const answer = value(give(other, paul, { address: '10.0.0.9' }));
    if (!answer.opened) throw new Error('nothing opened');
    expect(answer.issued.person.grants).toEqual([{ role: 'administrator', scope: 'establishment' }]);
    expect(answer.issued.session).toMatchObject({ method: 'administrativeBreakGlass', strength: 2 });
    expect(answer.use).toMatchObject({ name: 'Camille Martin, Paul Durand', reason: camille.reason });
    expect(types()).toEqual(['envelopesSealed', 'envelopeUsed', 'envelopeUsed', 'administrativeBreakGlassOpened']);
    expect(JSON.stringify(noted)).not.toMatch(/Camille|Paul|Annuaire/);
    now += limits.administrativeMilliseconds;
    expect(access.sessions.find(answer.issued.sessionToken)).toBeUndefined();
    expect(waysIn.uses.pending()).toHaveLength(1);
  });

  it('opens nothing by one envelope, used alone, twice, or by one person with both', () => {
    const [one, other] = two();
    expect(value(give(one)).opened).toBe(false);
    expect(value(give(one, { ...paul, reason: 'Seul.' })).opened).toBe(false);
    expect(code(give(other, { ...paul, name: ' PAUL durand ' }))).toBe('second-person-needed');
    expect(stores.people.isEmpty()).toBe(true);
    now += limits.secondEnvelopeMilliseconds;
    expect(waysIn.administrative.waiting()).toBeNull();
    // Too late: the second is now the first of its own.
    expect(value(give(other, camille))).toMatchObject({ opened: false, waiting: { envelope: 2 } });
    expect(types().filter((type) => type === 'envelopeUsed')).toHaveLength(3);
  });

  it('asks to be sealed anew from the first use on, and what is sealed anew voids what was opened', () => {
    expect(waysIn.administrative.state()).toEqual({ state: 'never-sealed', since: null });
    const [one, other] = two();
    expect(waysIn.administrative.state().state).toBe('sealed');
    value(give(one));
    expect(waysIn.administrative.state()).toEqual({ state: 'opened', since: now });
    value(give(other, paul));
    const [fresh] = two();
    expect(waysIn.administrative.state().state).toBe('sealed');
    expect([code(give(one)), code(give(other))]).toEqual(['envelope-unknown', 'envelope-unknown']);
    expect(code(give(fresh))).toBe('accepted');
  });

  it('opens again during the night should the session be lost, then no more', () => {
    const [one, other] = two();
    const open = () => [give(one), give(other, paul)];
    expect(open().map(code)).toEqual(['accepted', 'accepted']);
    now += 8 * 3600_000;
    expect(open().map(code)).toEqual(['accepted', 'accepted']);
    now += limits.openedEnvelopesMilliseconds;
    expect(open().map(code)).toEqual(['envelope-void', 'envelope-void']);
    expect(waysIn.administrative.state().state).toBe('void');
  });

  it('slows guesses, and never for more than half a minute', () => {
    const [one] = two();
    const guesses = Array.from({ length: 12 }, () => {
      const guess = give('000000000000000000000000');
      if (code(guess) === 'too-many-attempts') now += 30_000;
      return code(guess);
    });
    expect(guesses).toContain('too-many-attempts');
    now += 30_000;
    expect(code(give(one))).toBe('accepted');
  });
});

it('a guest whose name looks like an account is no account', () => {
  const { code: printed } = cardOf('gh:rea');
  const { issued } = value(waysIn.care.open({ ...elodie, name: 'anne', code: printed }, post));
  const anne: Person = { id: 'person-anne', name: 'anne', displayName: 'Anne', grants: [] };
  expect(stores.people.add(anne)).toBe(true);
  expect(stores.people.byName('anne')?.person.id).toBe('person-anne');
  expect(issued.person.id).not.toBe('person-anne');
  const seen = untilTheirTime(stores.people, memoryBreakGlass(), () => now);
  expect([seen.all().map(({ id }) => id), stores.people.all()]).toEqual([['person-anne'], expect.any(Array)]);
  expect(stores.people.all()).toHaveLength(2);
});
