import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from './event.ts';
import type { Envelope, Head, JournalStore, SealStore } from './ports.ts';
import { documentHash, emptyHead, formOf, newSealKey, sealEntry, sha256, signCheckpoint, signerFrom } from './seal.ts';
import { verifyStore } from './verify.ts';

/** One engine under test. `reopen` closes it and opens the same journal again; undefined where nothing outlives the process. */
export interface StoreUnderTest {
  store: JournalStore & SealStore;
  reopen: (() => Promise<JournalStore & SealStore>) | undefined;
  remove(): Promise<void>;
}

/** `count` entries continuing `head`, as a queue would seal them. */
export function sealedEntries(head: Head, count: number, more: { data?: Json; documents?: string[] } = {}): Envelope[] {
  const entries: Envelope[] = [];
  let { sequence, hash } = head;
  for (let index = 0; index < count; index++) {
    const entry = sealEntry({
      establishment: 'hospital-a',
      epoch: head.epoch,
      sequence: sequence + 1,
      time: new Date(1_722_643_200_000 + sequence * 1_000).toISOString(),
      actor: 'worker:test',
      type: 'SomethingNoted',
      schemaVersion: 1,
      data: more.data ?? { note: `n° ${sequence} – é 🏥`, numbers: [1, 2.5, -0.001] },
      ...(more.documents && { documents: more.documents }),
      previousHash: hash,
    });
    ({ sequence, hash } = entry);
    entries.push(entry);
  }
  return entries;
}

const headOf = (entries: readonly Envelope[]): Head => {
  const last = entries.at(-1);
  return last === undefined ? emptyHead : { epoch: last.epoch, sequence: last.sequence, hash: last.hash };
};

/** What every journal engine promises (`JournalStore`, `SealStore`). */
export function journalStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`journal store contract: ${name}`, () => {
    let made: StoreUnderTest | undefined;
    const make = async (): Promise<StoreUnderTest> => {
      made = await makeStore();
      return made;
    };
    afterEach(async () => {
      await made?.remove();
      made = undefined;
    });

    it('begins empty', async () => {
      const { store } = await make();
      expect(await store.head()).toEqual(emptyHead);
      expect(await store.read(0, 10)).toEqual([]);
      expect(await store.stored(0, 10)).toEqual([]);
      expect(await store.checkpoints(0, 10)).toEqual([]);
      expect(await store.document('sha256:none')).toBeUndefined();
    });

    it('gives back what was appended, in order, in chunks, byte for byte', async () => {
      const { store } = await make();
      const entries = sealedEntries(emptyHead, 25);
      await store.append(entries.slice(0, 1));
      await store.append(entries.slice(1, 20));
      await store.append([]);
      await store.append(entries.slice(20));
      expect(await store.head()).toEqual(headOf(entries));
      expect(await store.read(0, 100)).toEqual(entries);
      expect(await store.read(7, 5)).toEqual(entries.slice(7, 12));
      expect(await store.read(25, 5)).toEqual([]);
      const stored = await store.stored(0, 100);
      expect(stored.map((entry) => entry.form)).toEqual(entries.map(formOf));
      for (const entry of stored) expect(sha256(entry.form)).toBe(entry.hash);
      expect((await verifyStore(store)).ok).toBe(true);
    });

    it('refuses what does not continue the head, and keeps the journal as it was', async () => {
      const { store } = await make();
      const entries = sealedEntries(emptyHead, 6);
      await store.append(entries.slice(0, 3));
      const refused = { refusal: { code: 'journal-not-next' } };
      const other = sealedEntries({ ...emptyHead, sequence: 3, hash: 'f'.repeat(64) }, 1);
      await expect(store.append(entries.slice(4))).rejects.toMatchObject(refused);
      await expect(store.append(entries.slice(0, 3))).rejects.toMatchObject(refused);
      await expect(store.append(entries.slice(2, 4))).rejects.toMatchObject(refused);
      await expect(store.append(other)).rejects.toMatchObject(refused);
      expect(await store.head()).toEqual(headOf(entries.slice(0, 3)));
      await store.append(entries.slice(3));
      expect(await store.read(0, 10)).toEqual(entries);
    });

    it('stores all of a batch or nothing', async () => {
      const { store } = await make();
      const entries = sealedEntries(emptyHead, 5);
      const gap = [...entries.slice(0, 2), ...entries.slice(3)];
      await expect(store.append(gap, { 'sha256:x': 1 })).rejects.toMatchObject({
        refusal: { code: 'journal-not-next' },
      });
      expect(await store.head()).toEqual(emptyHead);
      expect(await store.read(0, 10)).toEqual([]);
      expect(await store.document('sha256:x')).toBeUndefined();
    });

    it('takes appends one after the other, also when the caller does not wait', async () => {
      const { store } = await make();
      const entries = sealedEntries(emptyHead, 30);
      await Promise.all(entries.map((entry) => store.append([entry])));
      expect(await store.read(0, 100)).toEqual(entries);
    });

    it('stores what is told to be followed, with what follows it, whatever else is asked between', async () => {
      const { store } = await make();
      const entries = sealedEntries(emptyHead, 6);
      const foreign = sealedEntries({ ...emptyHead, hash: 'f'.repeat(64) }, 1);
      const asked = [
        store.append(entries.slice(0, 2), {}, true),
        store.append(foreign, {}, true).catch((error: unknown) => error),
        store.append(entries.slice(2, 4)),
        store.append(entries.slice(4, 5), {}, true),
        store.head(),
        store.append(entries.slice(5)),
      ];
      const [first, refused, second, third, head] = await Promise.all(asked);
      expect([first, second, third]).toEqual([undefined, undefined, undefined]);
      expect(refused).toMatchObject({ refusal: { code: 'journal-not-next' } });
      expect(head).toMatchObject({ sequence: 5 });
      expect(await store.read(0, 10)).toEqual(entries);
    });

    it('keeps documents with the entries that name them, once each', async () => {
      const { store } = await make();
      const map = { components: [{ id: 'a:ups', name: 'Onduleur' }] };
      const name = documentHash(map);
      const entries = sealedEntries(emptyHead, 2, { documents: [name] });
      await store.append(entries.slice(0, 1), { [name]: map });
      await store.append(entries.slice(1), { [name]: map });
      expect(await store.document(name)).toEqual(map);
      expect((await verifyStore(store)).ok).toBe(true);
    });

    it('says when a document an entry names is missing', async () => {
      const { store } = await make();
      const entries = sealedEntries(emptyHead, 1, { documents: [documentHash(['never stored'])] });
      await store.append(entries);
      expect(await verifyStore(store)).toMatchObject({
        ok: false,
        firstBad: { sequence: 1, reason: /^missing: its document/ },
      });
    });

    it('keeps checkpoints, in order, one per place', async () => {
      const { store } = await make();
      const entries = sealedEntries(emptyHead, 4);
      await store.append(entries);
      const signer = signerFrom(newSealKey());
      const signed = [2, 4].map((n) =>
        signCheckpoint(signer, 'hospital-a', headOf(entries.slice(0, n)), '2024-08-03T00:00:00.000Z'),
      );
      for (const one of [...signed, ...signed]) await store.addCheckpoint(one);
      expect(await store.checkpoints(0, 10)).toEqual(signed);
      expect(await store.checkpoints(2, 10)).toEqual(signed.slice(1));
      expect(await verifyStore(store)).toMatchObject({ ok: true, checkpoints: { examined: 2, lastSequence: 4 } });
    });

    it('reads large entries in bounded chunks, and all of them', async () => {
      const { store } = await make();
      const entries = sealedEntries(emptyHead, 24, { data: { note: 'x'.repeat(900_000) } });
      for (const entry of entries) await store.append([entry]);
      const hashes: string[] = [];
      for (let after = 0; ; ) {
        const some = await store.read(after, 1_000);
        const last = some.at(-1);
        if (last === undefined) break;
        hashes.push(...some.map((entry) => entry.hash));
        after = last.sequence;
      }
      expect(hashes).toEqual(entries.map((entry) => entry.hash));
    });

    it('is still all there when opened again, where the engine outlives its process', async () => {
      const { store, reopen } = await make();
      const entries = sealedEntries(emptyHead, 10);
      await store.append(entries, { [documentHash([1])]: [1] });
      const again = reopen === undefined ? store : await reopen();
      expect(await again.head()).toEqual(headOf(entries));
      expect(await again.read(0, 100)).toEqual(entries);
      expect(await again.document(documentHash([1]))).toEqual([1]);
      await again.append(sealedEntries(headOf(entries), 1));
      expect((await again.head()).sequence).toBe(11);
    });
  });
}
