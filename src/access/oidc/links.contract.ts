import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExpectedStore, LinkStore, ProviderLink, WaitingStore, WaitingSubject } from './ports.ts';

export interface LinkStores {
  links: LinkStore;
  waiting: WaitingStore;
  expected: ExpectedStore;
}

const link = (subject: string, more: Partial<ProviderLink> = {}): ProviderLink => ({
  provider: 'keycloak',
  subject,
  person: `person-${subject}`,
  source: 'mapping',
  linkedAt: 100,
  ...more,
});
const waits = (subject: string, more: Partial<WaitingSubject> = {}): WaitingSubject => ({
  id: `waiting-${subject}`,
  provider: 'keycloak',
  subject,
  name: 'Élodie Bernard',
  identifier: '10001234567',
  askedAt: 100,
  ...more,
});

/** The contract every store of links to providers passes. */
export function linkStoresContract(name: string, open: () => { stores: LinkStores; close(): void }): void {
  describe(`links to providers: ${name}`, () => {
    let opened: ReturnType<typeof open>;
    let stores: LinkStores;
    beforeEach(() => {
      opened = open();
      stores = opened.stores;
    });
    afterEach(() => opened.close());

    it('links a subject of one provider, replaces and removes it, oldest first', () => {
      const { links } = stores;
      links.put(link('a', { linkedAt: 300 }));
      links.put(link('b'));
      expect(links.find('keycloak', 'a')).toEqual(link('a', { linkedAt: 300 }));
      expect([links.find('another', 'a'), links.find('keycloak', 'c')]).toEqual([undefined, undefined]);
      links.put(link('b', { source: 'administrator', person: 'anne', linkedAt: 200 }));
      expect(links.list().map(({ person }) => person)).toEqual(['anne', 'person-a']);
      expect([links.remove('keycloak', 'b'), links.remove('keycloak', 'b')]).toEqual([true, false]);
      expect(links.list()).toHaveLength(1);
    });

    it('lets a subject wait once, and keeps the newest', () => {
      const { waiting } = stores;
      expect(waiting.put(waits('a'), 3)).toEqual(waits('a'));
      expect(waiting.put(waits('a', { id: 'waiting-again', askedAt: 200, name: null }), 3)).toEqual(
        waits('a', { askedAt: 200, name: null }),
      );
      expect(waiting.byId('waiting-a')).toEqual(waits('a', { askedAt: 200, name: null }));
      for (const [index, subject] of ['b', 'c', 'd'].entries())
        waiting.put(waits(subject, { askedAt: 300 + index }), 3);
      expect(waiting.list().map(({ subject }) => subject)).toEqual(['b', 'c', 'd']);
      waiting.remove('waiting-c');
      expect([waiting.byId('waiting-c'), waiting.list().length]).toEqual([undefined, 2]);
    });

    it('gives up an awaited person once, at the provider they are awaited from', () => {
      const { expected } = stores;
      expected.put('psc', '10001234567', 'anne');
      expect(expected.take('keycloak', '10001234567')).toBeUndefined();
      expect(expected.take('psc', '10001234567')).toBe('anne');
      expect(expected.take('psc', '10001234567')).toBeUndefined();
    });
  });
}
