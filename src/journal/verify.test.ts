import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from './canonical.ts';
import { sealedEntries } from './contract.ts';
import { memoryStore } from './memory.ts';
import type { Checkpoint, Envelope, Head, StoredEntry } from './ports.ts';
import { emptyHead, formOf, newSealKey, sealEntry, sha256, signCheckpoint, signerFrom } from './seal.ts';
import { createVerifier, headText, parseHead, type Verdict, verifyStore } from './verify.ts';

const entries = sealedEntries(emptyHead, 20);
const stored: StoredEntry[] = entries.map((entry) => ({
  sequence: entry.sequence,
  epoch: entry.epoch,
  hash: entry.hash,
  form: formOf(entry),
}));
const signer = signerFrom(newSealKey());
const headAt = (sequence: number, from: readonly Envelope[] = entries): Head => {
  const entry = from[sequence - 1];
  return { epoch: 1, sequence, hash: entry?.hash ?? '' };
};
const checkpointAt = (sequence: number, from: readonly Envelope[] = entries): Checkpoint =>
  signCheckpoint(signer, 'hospital-a', headAt(sequence, from), '2024-08-03T00:00:00.000Z');

function verdictOf(rows: StoredEntry[], checkpoints: Checkpoint[] = [], anchor?: Head): Verdict {
  const verifier = createVerifier({ anchor });
  for (const checkpoint of checkpoints) verifier.expect(checkpoint);
  for (const row of rows) verifier.add(row);
  return verifier.finish();
}

/** The chain as someone who can rewrite the folder would leave it: entry `at` says something else, all after it re-sealed. */
function rewritten(at: number): StoredEntry[] {
  let previousHash = entries[at - 2]?.hash ?? emptyHead.hash;
  const after = entries.slice(at - 1).map((entry, index) => {
    const { hash: _, ...fields } = entry;
    const again = sealEntry({ ...fields, previousHash, data: index === 0 ? { note: 'rewritten' } : fields.data });
    previousHash = again.hash;
    return { sequence: again.sequence, epoch: again.epoch, hash: again.hash, form: formOf(again) };
  });
  return [...stored.slice(0, at - 1), ...after];
}

describe('sealing', () => {
  it('hashes the RFC 8785 form of every field but the hash', () => {
    fc.assert(
      fc.property(
        fc.record({
          establishment: fc.string(),
          actor: fc.string(),
          type: fc.string(),
          data: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())),
          documents: fc.option(fc.array(fc.string())),
          secret: fc.option(fc.record({ keyId: fc.string(), nonce: fc.string(), ciphertext: fc.string() })),
        }),
        ({ documents, secret, ...some }) => {
          fc.pre(JSON.stringify({ documents, secret, some }).indexOf('\\ud') < 0);
          const fields = {
            ...some,
            epoch: 1,
            sequence: 3,
            time: '2024-08-03T00:00:00.000Z',
            schemaVersion: 1,
            ...(documents && { documents }),
            ...(secret && { private: secret }),
            previousHash: emptyHead.hash,
          };
          const sealed = sealEntry(fields);
          expect(formOf(sealed)).toBe(canonical(fields));
          expect(formOf({ ...sealed })).toBe(canonical(fields));
          expect(sealed.hash).toBe(sha256(canonical(fields)));
        },
      ),
    );
  });
});

describe('verify', () => {
  it('accepts a whole journal, with its checkpoints and an anchor', () => {
    expect(verdictOf(stored, [checkpointAt(5), checkpointAt(20)], headAt(12))).toEqual({
      ok: true,
      entries: 20,
      head: headAt(20),
      checkpoints: { examined: 2, lastSequence: 20, keys: [signer.publicKey] },
      anchored: true,
    });
    expect(verdictOf([])).toMatchObject({ ok: true, entries: 0, head: emptyHead, anchored: false });
  });

  it('names any entry one byte of which was flipped', () => {
    fc.assert(
      fc.property(fc.nat(19), fc.nat(), fc.integer({ min: 0, max: 7 }), (index, at, bit) => {
        const row = stored[index];
        if (row === undefined) return;
        const bytes = Buffer.from(row.form);
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        const rows = stored.with(index, { ...row, form: bytes.toString() });
        expect(verdictOf(rows)).toMatchObject({
          ok: false,
          firstBad: { sequence: index + 1 },
          head: { sequence: index },
        });
      }),
    );
  });

  it('names the altered entry also when its own hash was made to fit', () => {
    for (const at of [1, 7, 19]) {
      const rows = stored.with(at - 1, rewritten(at)[at - 1] ?? stored[0] ?? raise());
      expect(verdictOf(rows)).toMatchObject({
        ok: false,
        firstBad: { sequence: at },
        entries: at - 1,
        head: { sequence: at - 1 },
      });
    }
  });

  it('blames the later one when the earlier is vouched for by a checkpoint', () => {
    const rows = [...stored.slice(0, 7), ...rewritten(7).slice(7)];
    expect(verdictOf(rows).firstBad).toMatchObject({ sequence: 7 });
    expect(verdictOf(rows, [checkpointAt(7)]).firstBad).toMatchObject({ sequence: 8 });
  });

  it('names the missing entry', () => {
    expect(verdictOf(stored.toSpliced(9, 1)).firstBad).toMatchObject({
      sequence: 10,
      reason: expect.stringMatching(/^missing/),
    });
    expect(verdictOf(stored.slice(1)).firstBad).toMatchObject({
      sequence: 1,
      reason: expect.stringMatching(/^missing/),
    });
  });

  it('tells a moved entry from a lost one', () => {
    const [nine, ten] = [stored[8] ?? raise(), stored[9] ?? raise()];
    const swapped = stored.with(8, ten).with(9, nine);
    expect(verdictOf(swapped).firstBad).toMatchObject({ sequence: 9, reason: expect.stringMatching(/^reordered/) });
    const swappedRows = stored.with(8, { ...ten, sequence: 9 }).with(9, { ...nine, sequence: 10 });
    expect(verdictOf(swappedRows).firstBad).toMatchObject({ sequence: 9, reason: expect.stringMatching(/^reordered/) });
  });

  it('sees a tail that was cut, with an anchor; without one it cannot, and does not claim to', () => {
    const cut = stored.slice(0, 15);
    expect(verdictOf(cut)).toMatchObject({ ok: true, anchored: false });
    expect(verdictOf(cut, [], headAt(20))).toMatchObject({ ok: false, firstBad: { sequence: 16 }, anchored: false });
    expect(verdictOf(cut, [checkpointAt(18)])).toMatchObject({ ok: false, firstBad: { sequence: 16 } });
  });

  it('sees a chain sealed again from some entry on, with a checkpoint or an anchor', () => {
    const rows = rewritten(8);
    expect(verdictOf(rows)).toMatchObject({ ok: true });
    expect(verdictOf(rows, [checkpointAt(4), checkpointAt(10)]).firstBad).toEqual({
      sequence: 10,
      reason: 'rewritten after the checkpoint signed 2024-08-03T00:00:00.000Z: it, or an entry after 4',
    });
    expect(verdictOf(rows, [], headAt(20)).firstBad).toMatchObject({ sequence: 20 });
    expect(verdictOf(rows, [], headAt(8)).firstBad).toMatchObject({ sequence: 8 });
  });

  it('does not believe a checkpoint someone else signed', () => {
    const forged = { ...checkpointAt(6), publicKey: signerFrom(newSealKey()).publicKey };
    expect(verdictOf(stored, [forged]).firstBad).toMatchObject({
      sequence: 6,
      reason: expect.stringContaining('not signed'),
    });
    const moved = { ...checkpointAt(6), time: '2030-01-01T00:00:00.000Z' };
    expect(verdictOf(stored, [moved])).toMatchObject({ ok: false, head: { sequence: 5 } });
    expect(verdictOf(stored, [{ ...checkpointAt(6), publicKey: 'no key' }]).ok).toBe(false);
  });

  it('refuses an entry of another establishment, or of an older epoch', () => {
    const other = sealEntry({ ...strip(entries[19]), establishment: 'hospital-b' });
    const foreign = stored.with(19, { sequence: 20, epoch: 1, hash: other.hash, form: formOf(other) });
    expect(verdictOf(foreign).firstBad).toMatchObject({ sequence: 20, reason: expect.stringContaining('hospital-b') });
    const row = stored[4] ?? raise();
    expect(verdictOf(stored.with(4, { ...row, epoch: 2 })).firstBad).toMatchObject({ sequence: 5 });
  });

  it('continues from a place known to be good', async () => {
    const store = memoryStore();
    await store.append(entries);
    expect(await verifyStore(store, { after: headAt(15) })).toMatchObject({ ok: true, entries: 5, head: headAt(20) });
    expect(await verifyStore(store, { after: { ...headAt(15), hash: 'a'.repeat(64) } })).toMatchObject({
      firstBad: { sequence: 16 },
    });
  });

  it('writes and reads anchors', () => {
    expect(parseHead(headText(headAt(3)))).toEqual(headAt(3));
    for (const text of ['', '1:2', '1:2:xyz', `1:2:${'a'.repeat(63)}`, `1:-2:${'a'.repeat(64)}`])
      expect(parseHead(text)).toBeUndefined();
  });
});

function strip(entry: Envelope | undefined): Omit<Envelope, 'hash'> {
  const { hash: _, ...fields } = entry ?? raise();
  return fields;
}

function raise(): never {
  throw new Error('no such entry');
}
