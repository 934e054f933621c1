import { describe, expect, it } from 'vitest';
import { sealedEntries } from './contract.ts';
import {
  type CountersignRequest,
  countersign,
  countersignatureIsGenuine,
  judge,
  readCountersignature,
  readRequest,
} from './countersign.ts';
import type { Head } from './ports.ts';
import { emptyHead, formOf, newSealKey, signCheckpoint, signerFrom } from './seal.ts';

const hospital = signerFrom(newSealKey());
const other = signerFrom(newSealKey());
const noon = '2026-11-22T12:00:00.000Z';
const chain = sealedEntries(emptyHead, 10);
const forkAt = (sequence: number) => sealedEntries(headAt(chain, sequence), 6, { data: { note: 'another history' } });

function headAt(entries: readonly Head[], sequence: number): Head {
  return entries.find((entry) => entry.sequence === sequence) ?? emptyHead;
}
/** The request of a journal that holds `entries`, up to `to`, shown since `since`. */
function request(to: number, since = 0, entries = chain, signer = hospital): CountersignRequest {
  return {
    checkpoint: signCheckpoint(signer, 'hospital-a', headAt(entries, to), noon),
    since: headAt(entries, since),
    forms: entries.filter(({ sequence }) => sequence > since && sequence <= to).map(formOf),
  };
}
const judged = (asked: CountersignRequest, ...before: CountersignRequest[]) =>
  judge(
    asked,
    before.map(({ checkpoint }) => checkpoint),
    'hospital-b',
  );
const refusedWith = (code: string) => ({ verdict: 'refused', refusal: { code } });

describe('a countersigner', () => {
  it('signs the first checkpoint it meets of a journal, and each one that extends the last it signed', () => {
    expect(judged(request(4))).toEqual({ verdict: 'sign' });
    expect(judged(request(7, 4), request(4))).toEqual({ verdict: 'sign' });
    expect(judged(request(10, 0), request(4), request(7))).toEqual({ verdict: 'sign' });
    expect(judged(request(7), request(7))).toEqual({ verdict: 'signed-before' });
  });

  it('asks for what is between when it is not shown', () => {
    expect(judged(request(9, 7), request(4))).toMatchObject({
      verdict: 'refused',
      refusal: { code: 'countersign-gap', cure: expect.stringContaining('--since 4') },
    });
  });

  it('refuses a lower place, another key, its own journal, a former epoch', () => {
    expect(judged(request(4), request(7))).toMatchObject(refusedWith('checkpoint-not-higher'));
    expect(judged(request(7, 4, chain, other), request(4))).toMatchObject(refusedWith('checkpoint-other-key'));
    expect(judge(request(4), [], 'hospital-a')).toMatchObject(refusedWith('countersign-own'));
    const taken = sealedEntries({ ...headAt(chain, 4), epoch: 2 }, 3);
    const inEpochTwo = { ...request(4), checkpoint: signCheckpoint(other, 'hospital-a', headAt(taken, 7), noon) };
    const shown = { ...inEpochTwo, since: headAt(chain, 4), forms: taken.map(formOf) };
    expect(judged(shown, request(4))).toEqual({ verdict: 'sign' });
    expect(judged(request(7, 4), shown)).toMatchObject(refusedWith('checkpoint-former-epoch'));
  });

  it.each([
    ['before what was signed', 2, 8],
    ['at what was signed', 3, 4],
  ])('names a fork %s, with both statements', (_, from, to) => {
    const forked = [...chain.slice(0, from), ...forkAt(from)];
    const offered = request(to, 0, forked);
    const judgement = judged(offered, request(4));
    expect(judgement).toMatchObject({
      verdict: 'fork',
      fork: { establishment: 'hospital-a', epoch: 1, signed: { sequence: 4 }, offered },
      refusal: { code: 'journal-forked', where: expect.stringContaining('entry 4') },
    });
  });

  it('names a fork that hides what comes before: the place shown first is not the one it signed', () => {
    const forked = [...chain.slice(0, 2), ...forkAt(2)];
    expect(judged(request(8, 4, forked), request(4))).toMatchObject({ verdict: 'fork' });
  });

  it('finds a fork below what it signed last, when it signed there too', () => {
    const forked = [...chain.slice(0, 2), ...forkAt(2)];
    expect(judged(request(4, 0, forked), request(4), request(9))).toMatchObject({ verdict: 'fork' });
    expect(judged(request(3, 0, forked), request(4), request(9))).toMatchObject(refusedWith('checkpoint-not-higher'));
    expect(judged(request(8, 0, forked), request(4), request(7))).toMatchObject({ verdict: 'fork' });
  });

  it('refuses entries that do not lead to the checkpoint, in whatever way', () => {
    const whole = request(7, 2);
    const [first = '', second = '', ...rest] = whole.forms;
    const broken: CountersignRequest[] = [
      { ...whole, forms: rest },
      { ...whole, forms: [second, first, ...rest] },
      { ...whole, forms: whole.forms.slice(0, -1) },
      { ...whole, forms: [...whole.forms, first] },
      { ...whole, forms: [first.replace('noted', 'Noted'), second.replace('n°', 'N°'), ...rest] },
      { ...whole, since: headAt(chain, 3) },
      { ...whole, forms: [] },
      { ...whole, forms: ['{}', 'null', 'not json'] },
    ];
    for (const one of broken) {
      expect(judged(one, request(2))).toMatchObject(refusedWith('countersign-proof-broken'));
    }
    const forged = { ...whole, checkpoint: { ...whole.checkpoint, time: '2026-11-23T00:00:00.000Z' } };
    expect(judged(forged)).toMatchObject(refusedWith('checkpoint-not-genuine'));
  });
});

describe('a countersignature', () => {
  const { checkpoint } = request(4);
  const one = countersign(other, checkpoint, 'hospital-b', noon);

  it('is genuine as made, and no longer with any field changed', () => {
    expect(countersignatureIsGenuine(one)).toBe(true);
    expect(readCountersignature(JSON.parse(JSON.stringify(one)))).toEqual(one);
    const changed = [
      { ...one, site: 'hospital-c' },
      { ...one, site: 'hospital-a' },
      { ...one, time: '2026-11-22T12:00:01.000Z' },
      { ...one, publicKey: hospital.publicKey },
      { ...one, publicKey: 'AAAA' },
      { ...one, signature: `${one.signature.slice(0, -4)}AAAA` },
      { ...one, checkpoint: { ...checkpoint, sequence: 5 } },
      { ...one, checkpoint: request(5).checkpoint },
    ];
    for (const altered of changed) expect(countersignatureIsGenuine(altered)).toBe(false);
  });

  it('and a request are read from a file only where they are whole', () => {
    for (const value of [null, [], {}, { ...one, site: 1 }, { ...one, checkpoint: { ...checkpoint, epoch: 0 } }]) {
      expect(readCountersignature(value)).toBeUndefined();
    }
    const asked = request(4);
    expect(readRequest(JSON.parse(JSON.stringify(asked)))).toEqual(asked);
    for (const value of [null, { ...asked, forms: [1] }, { ...asked, since: { epoch: 1 } }, { ...asked, forms: 'x' }]) {
      expect(readRequest(value)).toBeUndefined();
    }
  });
});
