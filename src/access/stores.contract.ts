import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { factorStoresContract } from './factorStores.contract.ts';
import type { Person } from './person.ts';
import type { AccessStores, Session } from './ports.ts';

const person = (id: string, name = id): Person => ({
  id,
  name,
  displayName: `Dr ${name}`,
  grants: [{ role: 'administrator', scope: 'establishment' }],
});
const session = (id: string, more: Partial<Session> = {}): Session => ({
  id,
  tokenHash: `hash-${id}`,
  nextTokenHash: null,
  formerTokenHash: null,
  tokenAt: 100,
  person: 'anne',
  createdAt: 100,
  seenAt: 100,
  provedAt: 100,
  method: 'password',
  strength: 1,
  device: 'Firefox, Linux',
  ...more,
});

/** The contract every engine of the access stores passes. */
export function accessStoresContract(
  name: string,
  survivesProcess: boolean,
  open: () => { stores: AccessStores; reopen(): AccessStores; close(): void },
): void {
  describe(`access stores: ${name}`, () => {
    let opened: ReturnType<typeof open>;
    let stores: AccessStores;
    beforeEach(() => {
      opened = open();
      stores = opened.stores;
    });
    afterEach(() => opened.close());

    function addAnne(): void {
      stores.links.replace('link-anne', 1000);
      expect(stores.links.redeem('link-anne', 10, person('anne'), 'argon-anne')).toBe('redeemed');
    }

    it('keeps a person as given, found by folded name and by id', () => {
      expect(stores.people.isEmpty()).toBe(true);
      addAnne();
      expect(stores.people.isEmpty()).toBe(false);
      expect(stores.people.byName('anne')).toEqual({ person: person('anne'), passwordHash: 'argon-anne' });
      expect(stores.people.byId('anne')).toEqual(person('anne'));
      expect(stores.people.byName('paul')).toBeUndefined();
      stores.people.setPasswordHash('anne', 'stronger');
      expect(stores.people.byName('anne')?.passwordHash).toBe('stronger');
    });

    it('redeems a link once, before it expires, and not one that was replaced', () => {
      stores.links.replace('old', 1000);
      stores.links.replace('new', 1000);
      expect(stores.links.isValid('old', 10)).toBe(false);
      expect(stores.links.isValid('new', 999)).toBe(true);
      expect(stores.links.isValid('new', 1000)).toBe(false);
      expect(stores.links.redeem('new', 1000, person('anne'), 'x')).toBe('link-not-valid');
      expect(stores.people.isEmpty()).toBe(true);
      expect(stores.links.redeem('new', 10, person('anne'), 'x')).toBe('redeemed');
      expect(stores.links.isValid('new', 11)).toBe(false);
      expect(stores.links.redeem('new', 11, person('paul'), 'x')).toBe('link-not-valid');
      expect(stores.people.byName('paul')).toBeUndefined();
    });

    it('does not spend a link on a name that is taken', () => {
      addAnne();
      stores.links.replace('second', 1000);
      expect(stores.links.redeem('second', 20, person('another-id', 'anne'), 'x')).toBe('name-taken');
      expect(stores.people.byName('anne')?.passwordHash).toBe('argon-anne');
      expect(stores.links.isValid('second', 20)).toBe(true);
    });

    it('finds, lists, replaces, ends and forgets sessions', () => {
      addAnne();
      stores.sessions.put(session('two', { createdAt: 200, seenAt: 200 }));
      stores.sessions.put(session('one'));
      expect(stores.sessions.of('anne').map(({ id }) => id)).toEqual(['one', 'two']);
      expect(stores.sessions.of('paul')).toEqual([]);
      expect(stores.sessions.find('hash-one')).toEqual(session('one'));
      stores.sessions.put(session('one', { seenAt: 300 }));
      expect(stores.sessions.find('hash-one')?.seenAt).toBe(300);
      expect(stores.sessions.of('anne')).toHaveLength(2);
      expect(stores.sessions.end('one')).toBe(true);
      expect(stores.sessions.end('one')).toBe(false);
      expect(stores.sessions.find('hash-one')).toBeUndefined();
      stores.sessions.put(session('fresh', { createdAt: 500, seenAt: 500 }));
      stores.sessions.forget(201);
      expect(stores.sessions.of('anne').map(({ id }) => id)).toEqual(['fresh']);
    });

    it('finds a session by each of its tokens, and by its id', () => {
      addAnne();
      const rotating = session('one', { nextTokenHash: 'next', formerTokenHash: 'former', strength: 2 });
      stores.sessions.put(rotating);
      stores.sessions.put(session('two'));
      for (const hash of ['hash-one', 'next', 'former']) expect(stores.sessions.find(hash)).toEqual(rotating);
      expect(stores.sessions.byId('one')).toEqual(rotating);
      expect(stores.sessions.byId('three')).toBeUndefined();
      stores.sessions.put({ ...rotating, nextTokenHash: null, formerTokenHash: null });
      expect(stores.sessions.find('next')).toBeUndefined();
    });

    it('keeps the newest devices of a person', () => {
      addAnne();
      for (const at of [1, 2, 3]) stores.devices.add(`device-${at}`, 'anne', at, 2);
      expect(['device-1', 'device-2', 'device-3'].map((hash) => stores.devices.knows(hash, 'anne'))).toEqual([
        false,
        true,
        true,
      ]);
      expect(stores.devices.knows('device-3', 'paul')).toBe(false);
    });

    it('adds people without a password, lists them, changes their rights, erases them', () => {
      addAnne();
      expect(stores.people.add(person('lea'))).toBe(true);
      expect(stores.people.add({ ...person('other'), name: 'lea' })).toBe(false);
      expect(stores.people.byName('lea')).toEqual({ person: person('lea'), passwordHash: '' });
      expect(stores.people.all().map(({ id }) => id)).toEqual(['anne', 'lea']);
      const grants = [{ role: 'clinician', scope: 'ward', ward: 'ward:3' }] as const;
      stores.people.setGrants('lea', grants);
      expect(stores.people.byId('lea')?.grants).toEqual(grants);
      stores.sessions.put(session('hers', { person: 'lea' }));
      stores.devices.add('device', 'lea', 1, 5);
      expect(stores.people.remove('lea')).toBe(true);
      expect(stores.people.remove('lea')).toBe(false);
      expect(stores.sessions.of('lea')).toEqual([]);
      expect(stores.devices.knows('device', 'lea')).toBe(false);
    });

    factorStoresContract(() => {
      addAnne();
      stores.people.add(person('lea'));
      return stores;
    });

    if (survivesProcess) {
      it('is the same once reopened', () => {
        addAnne();
        stores.sessions.put(session('one'));
        const again = opened.reopen();
        expect(again.people.byName('anne')?.person).toEqual(person('anne'));
        expect(again.sessions.find('hash-one')).toEqual(session('one'));
        expect(again.links.isValid('link-anne', 10)).toBe(false);
      });
    }
  });
}
