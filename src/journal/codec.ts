import { z } from 'zod';
import { canonical } from './canonical.ts';
import type { EventDefinition, Json, NewEvent, RecordedEvent } from './event.ts';
import type { Envelope, KeyStore, StoredEntry } from './ports.ts';
import { decryptPrivate, encryptPrivate } from './private.ts';
import { accept, Refused, type Result, refuse } from './result.ts';
import { documentText, formOf, sealEntry, sha256 } from './seal.ts';
import { type Fields, fieldsOf } from './verify.ts';

/** Every published event this version knows, by type. */
export type Events = ReadonlyMap<string, EventDefinition>;

/** Larger facts belong in a document named by its hash: entries are read by the thousand. */
export const entryCharactersMax = 1_048_576;
/** A whole map of 100,000 components is some 30 million; a document is read and hashed in one piece. */
export const documentCharactersMax = 256 * 1_048_576;

/** Throws where two rooms declare one type: a defect of the program, seen at start. */
export function eventsOf(...lists: readonly (readonly EventDefinition[])[]): Events {
  const events = new Map<string, EventDefinition>();
  for (const definition of lists.flat()) {
    const other = events.get(definition.type);
    if (other !== undefined && other !== definition) throw new Error(`event ${definition.type} is declared twice`);
    events.set(definition.type, definition);
  }
  return events;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1;
const isHash = (value: unknown): boolean => typeof value === 'string' && value.length === 64;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');
const dateTime = z.regexes.datetime({});

/** What each field of an envelope must be. By hand: it is asked of every entry ever read, and first of all at each start. */
const envelopeFields: { [Name in keyof Required<Envelope>]: (value: unknown) => boolean } = {
  establishment: isText,
  epoch: isCount,
  sequence: isCount,
  time: (value) => typeof value === 'string' && dateTime.test(value),
  actor: isText,
  type: isText,
  schemaVersion: isCount,
  data: (value) => value !== undefined,
  private: (value) => value === undefined || isSealedPart(value),
  documents: (value) => value === undefined || isTexts(value),
  previousHash: isHash,
  hash: isHash,
};
const fieldNames = Object.keys(envelopeFields) as (keyof Envelope)[];

function isSealedPart(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).sort().join() === 'ciphertext,keyId,nonce' &&
    isTexts(Object.values(value))
  );
}

/** The first field that is not as it must be. */
function wrongField(fields: Fields): string | undefined {
  for (const name of fieldNames) if (!envelopeFields[name](fields[name])) return name;
  for (const name in fields) if (!Object.hasOwn(envelopeFields, name)) return name;
  return undefined;
}

/** Reads what storage, a file or another site holds. Throws Refused `journal-damaged` where it is no envelope of ours. */
export function parseEnvelope(
  entry: Pick<StoredEntry, 'sequence' | 'hash' | 'form'>,
  fields: Fields | undefined = fieldsOf(entry.form),
): Envelope {
  const damaged = (why: string): Refused =>
    new Refused({
      code: 'journal-damaged',
      message: `Entry ${entry.sequence} of the journal cannot be read: ${why}.`,
      where: `entry ${entry.sequence}`,
      expected: 'an envelope in canonical JSON',
      kept: 'every entry before it',
      cure: 'Run `reflexe journal verify` on the folder, then take the journal from a copy.',
      retryable: false,
    });
  if (fields === undefined) throw damaged('it is not a JSON object');
  const envelope: Fields = { ...fields, hash: entry.hash };
  const wrong = wrongField(envelope);
  if (wrong !== undefined) throw damaged(`its field ${wrong} is not as in an envelope`);
  // Every field was just looked at: this is the validated border.
  return envelope as unknown as Envelope;
}

export interface Encoded {
  envelope: Envelope;
  /** Exactly what `decode` will give for this envelope, on this machine, for ever. */
  recorded: RecordedEvent;
  /** What the engine stores with it. */
  documents: { [hash: string]: Json };
  /** Its weight, documents included. */
  characters: number;
}

/** A document as every later reader will see it. */
const reread = (document: Json = null): Json => JSON.parse(documentText(document));

/** Where and by whom: what the writer knows of an entry before it is sealed. */
type Place = Pick<Envelope, 'epoch' | 'sequence' | 'time' | 'actor' | 'previousHash'>;

export interface Codec {
  encode(event: NewEvent, place: Place): Result<Encoded>;
  /** Refuses with `event-unknown-newer` or `event-newer-version`: then the journal is read, but no longer written. */
  decode(envelope: Envelope, documents?: { [hash: string]: Json }): Result<RecordedEvent>;
}

export function createCodec(establishment: string, events: Events, keys: KeyStore): Codec {
  const invalid = (type: string, why: string): Result<never> =>
    refuse('event-invalid', `The event ${type} is not as declared: ${why}.`, {
      where: type,
      kept: 'nothing was written',
    });

  /** The event's documents by name, or what is wrong with one of them. */
  function documentsOf(event: NewEvent): { named: { [hash: string]: Json }; characters: number } | string {
    const named: { [hash: string]: Json } = {};
    let characters = 0;
    for (const [name, document] of Object.entries(event.documents ?? {})) {
      const text = documentText(document);
      if (text.length > documentCharactersMax) return `${name} is over ${documentCharactersMax} characters`;
      if (`sha256:${sha256(text)}` !== name) return `${name} is not its document's hash`;
      named[name] = document;
      characters += text.length;
    }
    return { named, characters };
  }

  function encodeChecked(event: NewEvent, definition: EventDefinition, value: Json, at: Place): Result<Encoded> {
    const dataText = canonical(value);
    // Read back before it is written: what is folded now is what every later start will fold.
    const readBack = definition.schema.safeParse(JSON.parse(dataText));
    if (!readBack.success) return invalid(event.type, 'its schema does not accept what it produced');
    const { epoch, sequence, time, actor, previousHash } = at;
    const { type } = event;
    const fields: Omit<Envelope, 'hash'> = {
      establishment,
      epoch,
      sequence,
      time,
      actor,
      type,
      schemaVersion: definition.version,
      data: value,
      previousHash,
    };
    const recorded: RecordedEvent = { establishment, epoch, sequence, time, actor, type, data: readBack.data };
    let documents: { [hash: string]: Json } = {};
    let characters = 0;
    if (event.private !== undefined) {
      const { stored, data } = encryptPrivate(event.private, fields, keys);
      fields.private = stored;
      recorded.private = data;
    }
    if (event.documents !== undefined) {
      const found = documentsOf(event);
      if (typeof found === 'string') return invalid(type, found);
      ({ named: documents, characters } = found);
      fields.documents = Object.keys(documents).sort();
      recorded.documents = Object.fromEntries(fields.documents.map((name) => [name, reread(documents[name])]));
    }
    const envelope = sealEntry(fields, dataText);
    const { length } = formOf(envelope);
    if (length > entryCharactersMax) return invalid(type, `over ${entryCharactersMax} characters; use a document`);
    return accept({ envelope, recorded, documents, characters: characters + length });
  }

  function encode(event: NewEvent, at: Place): Result<Encoded> {
    const definition = events.get(event.type);
    if (definition === undefined) return invalid(event.type, 'no room declares it');
    const checked = definition.schema.safeParse(event.data);
    if (!checked.success) return invalid(event.type, z.prettifyError(checked.error));
    try {
      // A schema's output is plain data, or `canonical` refuses it.
      return encodeChecked(event, definition, checked.data as Json, at);
    } catch (error) {
      if (error instanceof Refused) return { ok: false, refusal: { where: event.type, ...error.refusal } };
      throw error;
    }
  }

  function decode(envelope: Envelope, documents?: { [hash: string]: Json }): Result<RecordedEvent> {
    const { type, schemaVersion, sequence, epoch, time, actor } = envelope;
    const definition = events.get(type);
    const newer = {
      where: `entry ${sequence}`,
      kept: 'the whole journal, as it is; it is read up to the entry before, and not written',
      cure: 'Start the version of Reflexe that wrote it, or a newer one.',
    };
    if (definition === undefined) {
      return refuse('event-unknown-newer', `Entry ${sequence} is a ${type}, which this version does not know.`, newer);
    }
    if (schemaVersion > definition.version) {
      const message = `Entry ${sequence} is a ${type} of version ${schemaVersion}; this version knows up to ${definition.version}.`;
      return refuse('event-newer-version', message, newer);
    }
    let { data } = envelope;
    try {
      for (const upcast of definition.upcasters.slice(schemaVersion - 1)) data = upcast(data);
    } catch (error) {
      return refuse(
        'event-unreadable',
        `Entry ${sequence} (${type}) could not be brought to version ${definition.version}: ${error}.`,
        {
          where: `entry ${sequence}`,
          kept: 'the whole journal, as it is',
        },
      );
    }
    const checked = definition.schema.safeParse(data);
    if (!checked.success) {
      return refuse(
        'event-unreadable',
        `Entry ${sequence} (${type}) is not as declared: ${z.prettifyError(checked.error)}.`,
        {
          where: `entry ${sequence}`,
          kept: 'the whole journal, as it is',
        },
      );
    }
    return accept({
      establishment,
      epoch,
      sequence,
      type,
      time,
      actor,
      data: checked.data,
      ...(envelope.private && { private: decryptPrivate(envelope.private, envelope, keys) }),
      ...(documents && envelope.documents && { documents }),
    });
  }

  return { encode, decode };
}
