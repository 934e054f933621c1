import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WardCard, WardCardStore } from './ports.ts';

const card = (id: string, more: Partial<WardCard> = {}): WardCard => ({
  id,
  ward: 'gh:rea',
  codeIndex: `hash-${id}`,
  madeAt: 100,
  madeBy: 'anne',
  expiresAt: 1000,
  ended: null,
  lastUsedAt: null,
  ...more,
});

/** The contract every store of ward cards passes. */
export function wardCardsContract(name: string, open: () => { store: WardCardStore; close(): void }): void {
  describe(`ward cards: ${name}`, () => {
    let opened: ReturnType<typeof open>;
    let store: WardCardStore;
    beforeEach(() => {
      opened = open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('keeps a card as given, found by its hash and by its id, and replaces it', () => {
      store.put(card('one'));
      expect(store.byIndex('hash-one')).toEqual(card('one'));
      const ended = card('one', { ended: { at: 200, by: 'paul', why: 'revoked' }, lastUsedAt: 150 });
      store.put(ended);
      expect([store.byIndex('hash-one'), store.byId('one')]).toEqual([ended, ended]);
      expect([store.byIndex('hash-two'), store.byId('two')]).toEqual([undefined, undefined]);
    });

    it('lists by ward, oldest first', () => {
      store.put(card('late', { madeAt: 300 }));
      store.put(card('early'));
      store.put(card('other', { ward: 'gh:cardio', madeAt: 500 }));
      expect(store.list().map(({ id }) => id)).toEqual(['other', 'early', 'late']);
    });

    it('forgets those that ended or expired before a moment, and no other', () => {
      store.put(card('expired', { expiresAt: 400 }));
      store.put(card('revoked', { ended: { at: 400, by: 'anne', why: 'revoked' } }));
      store.put(card('just', { ended: { at: 500, by: 'anne', why: 'renewed' } }));
      store.put(card('valid'));
      store.forget(500);
      expect(store.list().map(({ id }) => id)).toEqual(['just', 'valid']);
    });
  });
}
