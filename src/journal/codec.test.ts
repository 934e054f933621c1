import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCodec, entryCharactersMax, eventsOf, parseEnvelope } from './codec.ts';
import { defineEvent, type NewEvent } from './event.ts';
import { memoryKeyStore } from './memory.ts';
import { NoteTaken, notebookEvents } from './notebook.ts';
import type { Envelope } from './ports.ts';
import { emptyHead, formOf, sealEntry, sha256 } from './seal.ts';

const events = eventsOf(notebookEvents);
const place = {
  epoch: 1,
  sequence: 1,
  time: '2024-08-03T00:00:00.000Z',
  actor: 'person:ada',
  previousHash: emptyHead.hash,
};

function codecOf(more = events) {
  const keys = memoryKeyStore();
  return { keys, codec: createCodec('hospital-a', more, keys) };
}

function encoded(event: NewEvent, codec = codecOf().codec): { envelope: Envelope; recorded: unknown } {
  const result = codec.encode(event, place);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

/** As another process would find it. */
const fromDisk = (envelope: Envelope): Envelope =>
  parseEnvelope({ sequence: 1, hash: envelope.hash, form: formOf(envelope) });

const secretNote = NoteTaken.of(
  { id: 'n1', ward: 'réanimation', minutes: 30 },
  { private: { subject: 'person:ada', data: { text: 'Mme Durand, chambre 12' } } },
);

describe('codec', () => {
  it('folds on writing exactly what it will fold on reading', () => {
    const { codec } = codecOf();
    const { envelope, recorded } = encoded(secretNote, codec);
    expect(codec.decode(fromDisk(envelope))).toEqual({ ok: true, value: recorded });
    expect(recorded).toMatchObject({ private: { text: 'Mme Durand, chambre 12' }, sequence: 1, actor: 'person:ada' });
  });

  it('writes what the schema declares and nothing else', () => {
    const data = { id: 'n1', ward: 'a', minutes: -0, patient: 'Mme Durand', unit: undefined };
    const { envelope, recorded } = encoded({ type: 'NoteTaken', data });
    expect(formOf(envelope)).toContain('"data":{"id":"n1","minutes":0,"ward":"a"}');
    expect(recorded).toMatchObject({ data: { id: 'n1', minutes: 0, ward: 'a' } });
  });

  it.each<[string, unknown]>([
    ['establishment', ''],
    ['epoch', 0],
    ['sequence', 1.5],
    ['sequence', '1'],
    ['time', '2024-02-30T00:00:00.000Z'],
    ['time', 'yesterday'],
    ['actor', undefined],
    ['type', null],
    ['schemaVersion', -1],
    ['data', undefined],
    ['private', { keyId: 'k', nonce: 'n' }],
    ['private', { keyId: 'k', nonce: 'n', ciphertext: 'c', more: 'm' }],
    ['private', { keyId: 'k', nonce: 'n', ciphertext: 7 }],
    ['documents', ['a', 1]],
    ['previousHash', '00'],
    ['hash', 'ff'],
    ['__proto__', {}],
    ['extra', 1],
  ])('reads no entry whose %s is %j', (name, value) => {
    const { hash, ...fields } = encoded(secretNote).envelope;
    const whole = Object.entries({ ...fields, documents: ['sha256:1'] });
    const read = (more: [string, unknown][]) =>
      parseEnvelope({ sequence: 1, hash, form: '' }, Object.fromEntries([...whole, ...more]));
    expect(read([]).sequence).toBe(1);
    if (name === 'hash') expect(() => parseEnvelope({ sequence: 1, hash: 'ff', form: '' }, fields)).toThrow('hash');
    else expect(() => read([[name, value]])).toThrow(`its field ${name} is not`);
  });

  it('puts nothing private in clear, and binds it to its place', () => {
    const { codec } = codecOf();
    const { envelope } = encoded(secretNote, codec);
    expect(formOf(envelope)).not.toContain('Durand');
    const { hash: _, ...fields } = envelope;
    const moved = sealEntry({ ...fields, sequence: 2 });
    expect(codec.decode(moved)).toMatchObject({ ok: true, value: { private: null } });
  });

  it('keeps the seal when a key is erased, and says that something was there', () => {
    const { codec, keys } = codecOf();
    const { envelope } = encoded(secretNote, codec);
    keys.erase('person:ada');
    const read = fromDisk(envelope);
    expect(sha256(formOf(read))).toBe(envelope.hash);
    expect(codec.decode(read)).toMatchObject({ ok: true, value: { private: null, data: { id: 'n1' } } });
    const after = encoded(secretNote, codec);
    expect(codec.decode(fromDisk(after.envelope))).toMatchObject({
      value: { private: { text: 'Mme Durand, chambre 12' } },
    });
    expect(
      codec.decode(fromDisk(encoded(NoteTaken.of({ id: 'n', ward: 'w', minutes: 1 }), codec).envelope)),
    ).not.toHaveProperty('value.private');
  });

  it('brings older versions up to today, one version at a time, without touching the stored bytes', () => {
    const old = sealEntry({
      establishment: 'hospital-a',
      ...place,
      type: 'NoteTaken',
      schemaVersion: 1,
      data: { id: 'n1', ward: 'urgences' },
    });
    const { codec } = codecOf();
    expect(codec.decode(fromDisk(old))).toMatchObject({
      ok: true,
      value: { data: { id: 'n1', ward: 'urgences', minutes: 0 } },
    });
    expect(sha256(formOf(fromDisk(old)))).toBe(old.hash);

    const step = (n: number) => (data: unknown) => ({
      steps: [...z.object({ steps: z.array(z.number()) }).parse(data).steps, n],
    });
    const Third = defineEvent('Stepped', 3, z.object({ steps: z.array(z.number()) }), [step(1), step(2)]);
    const stepped = codecOf(eventsOf([Third])).codec;
    const from = (schemaVersion: number) =>
      stepped.decode(
        sealEntry({ establishment: 'hospital-a', ...place, type: 'Stepped', schemaVersion, data: { steps: [] } }),
      );
    expect([1, 2, 3].map((version) => from(version))).toMatchObject([
      { value: { data: { steps: [1, 2] } } },
      { value: { data: { steps: [2] } } },
      { value: { data: { steps: [] } } },
    ]);
  });

  it('refuses to guess what a newer version wrote', () => {
    const { codec } = codecOf();
    const of = (type: string, schemaVersion: number) =>
      codec.decode(sealEntry({ establishment: 'hospital-a', ...place, type, schemaVersion, data: {} }));
    expect(of('NoteTaken', 3)).toMatchObject({
      refusal: { code: 'event-newer-version', where: 'entry 1', retryable: false },
    });
    expect(of('NoteSung', 1)).toMatchObject({ refusal: { code: 'event-unknown-newer' } });
    expect(of('NoteTaken', 2)).toMatchObject({ refusal: { code: 'event-unreadable' } });
  });

  it('stops what is not as declared before it is written', () => {
    const { codec } = codecOf();
    const invalid = { ok: false, refusal: { code: 'event-invalid' } };
    expect(codec.encode({ type: 'NoteTaken', data: { id: 7 } }, place)).toMatchObject(invalid);
    expect(codec.encode({ type: 'NoteSung', data: {} }, place)).toMatchObject(invalid);
    expect(codec.encode(NoteTaken.of({ id: '\ud800', ward: '', minutes: 1 }), place)).toMatchObject({
      refusal: { code: 'not-canonical' },
    });
    const long = NoteTaken.of({ id: 'x'.repeat(entryCharactersMax), ward: '', minutes: 1 });
    expect(codec.encode(long, place)).toMatchObject(invalid);
    const documents = { 'sha256:0000': { not: 'its hash' } };
    expect(codec.encode({ type: 'WardsListed', data: { document: 'sha256:0000' }, documents }, place)).toMatchObject(
      invalid,
    );
  });

  it('stops an event that could not be read back', () => {
    const Shouted = defineEvent('Shouted', 1, z.object({ at: z.string().transform((text) => text.length) }));
    const { codec } = codecOf(eventsOf([Shouted]));
    expect(codec.encode({ type: 'Shouted', data: { at: 'noon' } }, place)).toMatchObject({
      refusal: { code: 'event-invalid' },
    });
  });

  it('does not let two rooms declare one event', () => {
    expect(() => eventsOf(notebookEvents, [defineEvent('NoteTaken', 1, z.object({}))])).toThrow('declared twice');
    expect(eventsOf(notebookEvents, notebookEvents).size).toBe(notebookEvents.length);
  });
});
