import { createCodec, eventsOf, parseEnvelope } from './codec.ts';
import { sealedEntries } from './contract.ts';
import { memoryKeyStore } from './memory.ts';
import { NoteTaken, notebook, notebookEvents } from './notebook.ts';
import type { Checkpoint, StoredEntry } from './ports.ts';
import { Refused } from './result.ts';
import { emptyHead, formOf, newSealKey, sha256, signCheckpoint, signerFrom } from './seal.ts';
import { createVerifier, parseHead } from './verify.ts';

const keys = memoryKeyStore();
const codec = createCodec('hospital-a', eventsOf(notebookEvents), keys);
const place = { epoch: 1, time: '2024-08-03T00:00:00.000Z', actor: 'person:ada' };
const asText = (entries: readonly string[]): Uint8Array => new TextEncoder().encode(entries.join('\n'));

function seeds(): Uint8Array[] {
  const secret = { private: { subject: 'person:ada', data: { text: 'chambre 12' } } };
  const note = codec.encode(NoteTaken.of({ id: 'n1', ward: 'réa', minutes: 3 }, secret), {
    ...place,
    sequence: 1,
    previousHash: emptyHead.hash,
  });
  if (!note.ok) throw new Error(note.refusal.message);
  const { envelope } = note.value;
  const form = formOf(envelope);
  const head = { epoch: 1, sequence: 1, hash: envelope.hash };
  const checkpoint = signCheckpoint(signerFrom(newSealKey()), 'hospital-a', head, place.time);
  return [
    asText([form]),
    asText([JSON.stringify(checkpoint), form, ...sealedEntries(head, 3).map(formOf)]),
    asText([
      form.replace('"schemaVersion":2', '"schemaVersion":1'),
      form.replace('"schemaVersion":2', '"schemaVersion":9'),
    ]),
    asText([form.replace('NoteTaken', 'WardsListed'), `1:1:${envelope.hash}`, '{}', 'null', '[]']),
  ];
}

/** Each line is an entry's stored form, or a checkpoint: whatever it holds, it is read or refused, never a crash. */
function run(input: Uint8Array): void {
  const verifier = createVerifier({ establishment: 'hospital-a' });
  let state = notebook.initial;
  for (const [index, form] of new TextDecoder().decode(input).split('\n').entries()) {
    parseHead(form);
    // Sealed as an attacker would: the content alone decides.
    const entry: StoredEntry = { sequence: index + 1, epoch: 1, hash: sha256(form), form };
    const checkpoint = checkpointIn(form);
    if (checkpoint !== undefined) verifier.expect(checkpoint);
    else verifier.add(entry);
    try {
      const decoded = codec.decode(parseEnvelope(entry));
      if (decoded.ok) state = notebook.evolve(state, decoded.value);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  verifier.finish();
}

/** What the checkpoints' table may hold: anything that is JSON. */
function checkpointIn(text: string): Checkpoint | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'signature' in value ? value : undefined;
  } catch {
    return undefined;
  }
}

export const fuzz = { name: 'journal-entries', seeds, run };
