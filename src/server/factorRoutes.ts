import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Proof } from '../access/access.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { type AccessDoor, ownSession, relyingParty, shapes } from './accessDoor.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { AccountBody, OptionsBody, TotpBody } from './protocol.ts';

const { name, code, response } = shapes;
const instant = (at: number): string => new Date(at).toISOString();
const instantOf = (at: number | null): string | null => (at === null ? null : instant(at));
/** What a step of an authenticator application lasts. */
const stepSeconds = 30;

/** What one signs in with: passkeys, an authenticator application, codes on paper. */
export function factorRoutes(door: AccessDoor): JsonRoute[] {
  const { access, cookies } = door;

  function account(request: FastifyRequest): Result<AccountBody> {
    const { person } = ownSession(request);
    const rp = relyingParty(request, door);
    const totp = access.totps.of(person.id);
    const sheet = access.recoveryCodes.left(person.id);
    return accept({
      name: person.name,
      displayName: person.displayName,
      hasPassword: access.hasPassword(person),
      passkeys: access.passkeys.list(person.id).map((passkey) => ({
        id: passkey.id,
        name: passkey.name,
        made: instant(passkey.createdAt),
        used: instantOf(passkey.usedAt),
        isSynced: passkey.isSynced,
        isSuspect: passkey.isSuspect,
        isElsewhere: !rp.ok || passkey.rpId !== rp.value.id,
      })),
      canMakePasskeys: rp.ok,
      totp: totp ? { since: instant(totp.createdAt), skewSeconds: totp.skewSteps * stepSeconds } : null,
      recoveryCodes: sheet ? { left: sheet.left, made: instant(sheet.madeAt) } : null,
      tokens: access.apiTokens.list(person.id).map(({ id: token, label, grants, createdAt, expiresAt, usedAt }) => ({
        id: token,
        label,
        grants: [...grants],
        made: instant(createdAt),
        until: instant(expiresAt),
        used: instantOf(usedAt),
      })),
    });
  }

  /** A factor just added was just proved: the session stands on it too, under a new token. */
  function gain(request: FastifyRequest, reply: FastifyReply, proof: Proof): void {
    const proved = access.sessions.proveAgain(ownSession(request).session.id, proof);
    if (proved) cookies.renew(reply, proved.sessionToken);
  }

  /** Whoever has a second factor keeps one: the last is replaced, not removed. */
  const isLast = (person: string): boolean =>
    access.passkeys.list(person).length + (access.totps.of(person) ? 1 : 0) <= 1;

  return [
    jsonRoute({
      method: 'GET',
      url: '/api/account',
      act: 'account.manage',
      handle: ({ request }) => account(request),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/passkeys/options',
      act: 'account.protect',
      async handle({ person, request }) {
        ownSession(request);
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        const options = await access.passkeys.beginMaking(rp.value, person, 'enrol');
        return options.ok ? accept<OptionsBody>({ options: options.value }) : options;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/passkeys',
      act: 'account.protect',
      body: z.strictObject({ name, response }),
      async handle({ body, person, request, reply }) {
        ownSession(request);
        const rp = relyingParty(request, door);
        if (!rp.ok) return rp;
        const made = await access.passkeys.verifyMade(rp.value, person, 'enrol', body.response);
        if (!made.ok) return made;
        const kept = access.passkeys.keep(rp.value, person, made.value, body.name);
        if (!kept.ok) return kept;
        gain(request, reply, { method: 'passkey', strength: 2 });
        return account(request);
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/passkeys/rename',
      act: 'account.manage',
      body: z.strictObject({ passkey: z.string().min(1).max(1400), name }),
      handle({ body, person, request }) {
        const renamed = access.passkeys.rename(person.id, body.passkey, body.name);
        return renamed.ok ? account(request) : renamed;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/passkeys/remove',
      act: 'account.protect',
      body: z.strictObject({ passkey: z.string().min(1).max(1400) }),
      handle({ body, person, request }) {
        const { session } = ownSession(request);
        if (isLast(person.id)) return lastFactor;
        const removed = access.passkeys.remove(person.id, body.passkey);
        if (!removed.ok) return removed;
        // Whoever signed in by it elsewhere is out as well: the device may be lost.
        access.sessions.endAll(person.id, 'reset', session.id);
        return account(request);
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/totp/begin',
      act: 'account.protect',
      handle({ person, request }) {
        ownSession(request);
        return accept<TotpBody>(access.totps.begin(person));
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/totp/confirm',
      act: 'account.protect',
      body: z.strictObject({ code }),
      handle({ body, person, request, reply }) {
        const confirmed = access.totps.confirm(person, body.code);
        if (!confirmed.ok) return confirmed;
        gain(request, reply, { method: 'passwordAndCode', strength: 2 });
        return account(request);
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/totp/remove',
      act: 'account.protect',
      handle({ person, request }) {
        const { session } = ownSession(request);
        if (isLast(person.id)) return lastFactor;
        const removed = access.totps.remove(person.id);
        if (!removed.ok) return removed;
        access.sessions.endAll(person.id, 'reset', session.id);
        return account(request);
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/account/recovery-codes',
      act: 'account.protect',
      handle({ person, request }) {
        ownSession(request);
        return access.recoveryCodes.make(person.id);
      },
    }),
  ];
}

const lastFactor = refuse('last-factor', 'This is the last second factor of your account.', {
  kept: 'Nothing was removed.',
  cure: 'Add another one first; then remove this one.',
});
