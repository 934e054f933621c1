import { afterEach, describe, expect, it } from 'vitest';
import type { JournalEngine, KeyStore, Snapshot } from './ports.ts';

/** Stores kept beside the journal, under test. `reopen` is undefined where nothing outlives the process. */
export interface BesideUnderTest {
  keys: KeyStore;
  snapshots: JournalEngine['snapshots'];
  reopen: (() => Promise<Pick<BesideUnderTest, 'keys' | 'snapshots'>>) | undefined;
  remove(): Promise<void>;
}

const snapshot = (sequence: number, foldKey = 'fold'): Snapshot => ({
  sequence,
  epoch: 1,
  hash: 'a'.repeat(64),
  foldKey,
  state: { z: [1, null, { é: '🏥' }], a: { deep: [[[[[[['x']]]]]]] }, 10: 'ten', 9: 'nine', empty: {}, none: [] },
});

/** What every key store and snapshot store promises (`KeyStore`, `SnapshotStore`). */
export function besideContract(name: string, make: () => Promise<BesideUnderTest>): void {
  let made: BesideUnderTest | undefined;
  const fresh = async (): Promise<BesideUnderTest> => {
    made = await make();
    return made;
  };
  afterEach(async () => {
    await made?.remove();
    made = undefined;
  });

  describe(`key store contract: ${name}`, () => {
    it('makes one key per subject, 32 bytes, and finds it by its id, also after a restart', async () => {
      const { keys, reopen } = await fresh();
      const [ada, bob] = [keys.keyFor('person:ada'), keys.keyFor('person:bob')];
      expect(ada.key).toHaveLength(32);
      expect(keys.keyFor('person:ada')).toEqual(ada);
      expect(bob.keyId).not.toBe(ada.keyId);
      expect(Buffer.from(bob.key).equals(ada.key)).toBe(false);
      const again = reopen === undefined ? keys : (await reopen()).keys;
      expect(again.keyFor('person:ada').keyId).toBe(ada.keyId);
      expect(Buffer.from(again.find(bob.keyId) ?? []).equals(bob.key)).toBe(true);
      expect(again.find('no such key')).toBeUndefined();
    });

    it('forgets an erased key for good, and only that one', async () => {
      const { keys, reopen } = await fresh();
      const [ada, bob] = [keys.keyFor('person:ada'), keys.keyFor('person:bob')];
      keys.erase('person:ada');
      keys.erase('person:nobody');
      expect(keys.find(ada.keyId)).toBeUndefined();
      const again = reopen === undefined ? keys : (await reopen()).keys;
      expect(again.find(ada.keyId)).toBeUndefined();
      expect(again.find(bob.keyId)).toBeDefined();
      expect(again.keyFor('person:ada').keyId).not.toBe(ada.keyId);
    });
  });

  describe(`snapshot store contract: ${name}`, () => {
    it('gives back the newest, its fields in their order, only to the fold that made it', async () => {
      const { snapshots, reopen } = await fresh();
      expect(await snapshots.latest('fold')).toBeUndefined();
      for (const sequence of [3, 7, 12]) await snapshots.save(snapshot(sequence));
      const again = reopen === undefined ? snapshots : (await reopen()).snapshots;
      const found = await again.latest('fold');
      expect(found).toEqual(snapshot(12));
      expect(JSON.stringify(found?.state)).toBe(JSON.stringify(snapshot(12).state));
      expect(await again.latest('another fold')).toBeUndefined();
    });

    it('may be saved again at the same place, and cleared', async () => {
      const { snapshots } = await fresh();
      await snapshots.save(snapshot(5, 'older'));
      await snapshots.save(snapshot(5, 'newer'));
      expect(await snapshots.latest('newer')).toEqual(snapshot(5, 'newer'));
      await snapshots.clear();
      expect(await snapshots.latest('newer')).toBeUndefined();
      await snapshots.save(snapshot(6));
      expect(await snapshots.latest('fold')).toEqual(snapshot(6));
    });
  });
}
