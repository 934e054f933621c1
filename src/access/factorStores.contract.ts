import { describe, expect, it } from 'vitest';
import type { ApiToken } from './apiTokens/ports.ts';
import type { Invitation } from './invitations/ports.ts';
import type { Passkey } from './passkeys/ports.ts';
import type { AccessStores } from './ports.ts';

const passkey = (id: string, more: Partial<Passkey> = {}): Passkey => ({
  id,
  person: 'anne',
  name: 'Téléphone',
  publicKey: 'pQECAyYg',
  counter: 3,
  transports: ['internal', 'hybrid'],
  rpId: 'localhost',
  isSynced: true,
  createdAt: 10,
  usedAt: null,
  isSuspect: false,
  ...more,
});
const invitation = (id: string, more: Partial<Invitation> = {}): Invitation => ({
  id,
  person: 'anne',
  kind: 'welcome',
  tokenHash: `hash-${id}`,
  by: 'lea',
  createdAt: 10,
  expiresAt: 100,
  ...more,
});
const apiToken = (id: string, more: Partial<ApiToken> = {}): ApiToken => ({
  id,
  person: 'anne',
  label: 'supervision',
  tokenHash: `hash-${id}`,
  grants: [{ role: 'technician', scope: 'site', site: 'site:north' }],
  createdAt: 10,
  expiresAt: 100,
  usedAt: null,
  ...more,
});

/** What people sign in with: the part of the stores' contract that concerns it. `anne` and `lea` are there. */
export function factorStoresContract(open: () => AccessStores): void {
  describe('what people sign in with', () => {
    it('keeps passkeys as given, found by id and by owner, removed by their owner only', () => {
      const { passkeys } = open();
      passkeys.put(passkey('late', { createdAt: 20 }));
      passkeys.put(passkey('early'));
      passkeys.put(passkey('hers', { person: 'lea' }));
      expect(passkeys.of('anne')).toEqual([passkey('early'), passkey('late', { createdAt: 20 })]);
      passkeys.put(passkey('early', { name: 'Clé du bureau', counter: 9, usedAt: 30, isSuspect: true }));
      expect(passkeys.find('early')).toMatchObject({ name: 'Clé du bureau', counter: 9, usedAt: 30, isSuspect: true });
      expect(passkeys.remove('lea', 'early')).toBe(false);
      expect(passkeys.remove('anne', 'early')).toBe(true);
      expect(passkeys.find('early')).toBeUndefined();
      passkeys.removeAll('anne');
      expect(passkeys.of('anne')).toEqual([]);
      expect(passkeys.find('hers')).toBeDefined();
    });

    it('spends a step of an authenticator application once, and none before it', () => {
      const { totps } = open();
      const totp = { person: 'anne', secret: 'JBSWY3DPEHPK3PXP', createdAt: 1, lastStep: 100, skewSteps: 0 };
      totps.put(totp);
      expect(totps.of('anne')).toEqual(totp);
      expect(totps.of('lea')).toBeUndefined();
      expect([totps.spend('anne', 100, 0), totps.spend('anne', 101, -1), totps.spend('anne', 101, 0)]).toEqual([
        false,
        true,
        false,
      ]);
      expect(totps.of('anne')).toEqual({ ...totp, lastStep: 101, skewSteps: -1 });
      expect(totps.spend('lea', 200, 0)).toBe(false);
      expect([totps.remove('anne'), totps.remove('anne')]).toEqual([true, false]);
    });

    it('spends a recovery code once, and voids a sheet by the next', () => {
      const { recoveryCodes } = open();
      expect(recoveryCodes.left('anne')).toBeUndefined();
      recoveryCodes.replace('anne', ['a', 'b', 'c'], 5);
      expect(recoveryCodes.left('anne')).toEqual({ left: 3, madeAt: 5 });
      expect(recoveryCodes.hashOf('anne', 1)).toBe('b');
      expect([recoveryCodes.spend('anne', 1, 'other'), recoveryCodes.spend('anne', 1, 'b')]).toEqual([false, true]);
      expect(recoveryCodes.spend('anne', 1, 'b')).toBe(false);
      expect(recoveryCodes.hashOf('anne', 1)).toBeUndefined();
      expect(recoveryCodes.hashOf('anne', 7)).toBeUndefined();
      expect(recoveryCodes.left('anne')?.left).toBe(2);
      recoveryCodes.replace('anne', ['d'], 9);
      expect(recoveryCodes.spend('anne', 2, 'c')).toBe(false);
      expect(recoveryCodes.left('anne')).toEqual({ left: 1, madeAt: 9 });
      recoveryCodes.remove('anne');
      expect(recoveryCodes.left('anne')).toBeUndefined();
    });

    it('redeems an invitation once, in time, and only the newest of a person', () => {
      const { invitations } = open();
      invitations.put(invitation('old'));
      invitations.put(invitation('new', { kind: 'reset' }));
      invitations.put(invitation('hers', { person: 'lea', createdAt: 20 }));
      expect(invitations.find('hash-old', 50)).toBeUndefined();
      expect(invitations.find('hash-new', 50)).toEqual(invitation('new', { kind: 'reset' }));
      expect(invitations.open(50).map(({ id }) => id)).toEqual(['new', 'hers']);
      expect(invitations.redeem('hash-new', 100)).toBeUndefined();
      expect(invitations.redeem('hash-new', 99)).toMatchObject({ id: 'new' });
      expect(invitations.redeem('hash-new', 99)).toBeUndefined();
      expect([invitations.cancel('lea'), invitations.cancel('lea')]).toEqual([true, false]);
      expect(invitations.open(50)).toEqual([]);
    });

    it('keeps tokens of programs, and when they were last used', () => {
      const { apiTokens } = open();
      apiTokens.put(apiToken('one'));
      apiTokens.put(apiToken('two', { createdAt: 20 }));
      apiTokens.used('one', 60);
      expect(apiTokens.find('hash-one')).toEqual(apiToken('one', { usedAt: 60 }));
      expect(apiTokens.of('anne').map(({ id }) => id)).toEqual(['one', 'two']);
      expect(apiTokens.remove('lea', 'one')).toBe(false);
      expect(apiTokens.remove('anne', 'one')).toBe(true);
      expect(apiTokens.find('hash-one')).toBeUndefined();
    });

    it('goes with its person', () => {
      const stores = open();
      stores.passkeys.put(passkey('one'));
      stores.totps.put({ person: 'anne', secret: 'A', createdAt: 1, lastStep: 1, skewSteps: 0 });
      stores.recoveryCodes.replace('anne', ['a'], 1);
      stores.invitations.put(invitation('one'));
      stores.apiTokens.put(apiToken('one'));
      stores.people.remove('anne');
      expect(stores.passkeys.find('one')).toBeUndefined();
      expect(stores.totps.of('anne')).toBeUndefined();
      expect(stores.recoveryCodes.left('anne')).toBeUndefined();
      expect(stores.invitations.open(1)).toEqual([]);
      expect(stores.apiTokens.find('hash-one')).toBeUndefined();
    });
  });
}
