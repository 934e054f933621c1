import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BreakGlassStore, BreakGlassUse, Envelope, EnvelopeStore } from './ports.ts';

const use = (id: string, more: Partial<BreakGlassUse> = {}): BreakGlassUse => ({
  id,
  kind: 'care',
  ward: 'gh:rea',
  card: 'card-1',
  set: null,
  person: `guest-${id}`,
  session: `session-${id}`,
  name: 'Élodie Bernard',
  reason: 'Carte perdue, patient en choc.',
  address: '10.0.0.7',
  openedAt: 100,
  endsAt: 500,
  endedAt: null,
  review: null,
  ...more,
});
const review = { by: 'anne', at: 600, outcome: 'questioned', note: 'Rappeler le service.' } as const;

/** The contract every store of break-glass uses passes. */
export function breakGlassContract(name: string, open: () => { store: BreakGlassStore; close(): void }): void {
  describe(`break-glass uses: ${name}`, () => {
    let opened: ReturnType<typeof open>;
    let store: BreakGlassStore;
    beforeEach(() => {
      opened = open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('keeps a use as given, found by its id and by its guest, and replaces it', () => {
      store.put(use('one'));
      expect([store.byId('one'), store.byPerson('guest-one')]).toEqual([use('one'), use('one')]);
      const reviewed = use('one', { endedAt: 400, review });
      store.put(reviewed);
      expect(store.byId('one')).toEqual(reviewed);
      const administrative = use('two', { kind: 'administrative', ward: null, card: null, set: 'set-1' });
      store.put(administrative);
      expect(store.byId('two')).toEqual(administrative);
      expect([store.byId('three'), store.byPerson('guest-three')]).toEqual([undefined, undefined]);
    });

    it('lists what is open, unreviewed or recent, oldest first', () => {
      store.put(use('open', { openedAt: 300, review }));
      store.put(use('unreviewed', { openedAt: 200, endedAt: 250 }));
      store.put(use('settled', { openedAt: 100, endedAt: 250, review }));
      store.put(use('recent', { openedAt: 1000, endedAt: 1100, review }));
      expect(store.current(900).map(({ id }) => id)).toEqual(['unreviewed', 'open', 'recent']);
      expect(store.current(0).map(({ id }) => id)).toEqual(['settled', 'unreviewed', 'open', 'recent']);
    });

    it('forgets what is old, over and reviewed, and nothing that waits', () => {
      store.put(use('open', { review }));
      store.put(use('unreviewed', { endedAt: 250 }));
      store.put(use('settled', { endedAt: 250, review }));
      store.put(use('recent', { openedAt: 1000, endedAt: 1100, review }));
      expect(store.forget(1000)).toEqual(['guest-settled']);
      expect(store.byId('settled')).toBeUndefined();
      expect(
        store
          .current(0)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(['open', 'recent', 'unreviewed']);
    });
  });
}

const envelope = (number: 1 | 2, set = 'set-1'): Envelope => ({
  set,
  number,
  codeIndex: `hash-${set}-${number}`,
  sealedAt: 100,
  sealedBy: 'anne',
  openedAt: null,
});

/** The contract every store of sealed envelopes passes. */
export function envelopesContract(name: string, open: () => { store: EnvelopeStore; close(): void }): void {
  describe(`envelopes: ${name}`, () => {
    let opened: ReturnType<typeof open>;
    beforeEach(() => {
      opened = open();
    });
    afterEach(() => opened.close());

    it('holds one set of two, in their order, until the next one', () => {
      const { store } = opened;
      expect(store.list()).toEqual([]);
      store.replace([envelope(2), envelope(1)]);
      expect(store.list()).toEqual([envelope(1), envelope(2)]);
      store.replace([envelope(1, 'set-2'), envelope(2, 'set-2')]);
      expect(store.list()).toEqual([envelope(1, 'set-2'), envelope(2, 'set-2')]);
    });

    it('remembers when an envelope was first opened', () => {
      const { store } = opened;
      store.replace([envelope(1), envelope(2)]);
      store.opened('set-1', 2, 300);
      store.opened('set-1', 2, 400);
      store.opened('an-older-set', 1, 400);
      expect(store.list()).toEqual([envelope(1), { ...envelope(2), openedAt: 300 }]);
    });
  });
}
