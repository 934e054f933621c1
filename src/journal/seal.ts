import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { canonical } from './canonical.ts';
import type { Json } from './event.ts';
import type { Checkpoint, CheckpointSigner, Envelope, Head } from './ports.ts';
import { Refused } from './result.ts';

export const zeroHash = '0'.repeat(64);

export const emptyHead: Head = { epoch: 1, sequence: 0, hash: zeroHash };

export const sha256 = (text: string | Uint8Array): string => hash('sha256', text, 'hex');

/** Canonical texts of documents just named here, for the engine that stores them next. */
const documentTexts = new WeakMap<object, string>();

export function documentText(document: Json): string {
  if (typeof document !== 'object' || document === null) return canonical(document);
  const text = documentTexts.get(document) ?? canonical(document);
  documentTexts.set(document, text);
  return text;
}

/** The name under which an event's data refers to a document: `sha256:` and the digest of its canonical form. */
export const documentHash = (document: Json): string => `sha256:${sha256(canonical(document))}`;

/** An envelope sealed here, with the text it was sealed over: an engine stores this very text. */
class Sealed implements Envelope {
  readonly establishment: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly time: string;
  readonly actor: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Json;
  // `declare`: no field where there is no private part.
  declare readonly private?: NonNullable<Envelope['private']>;
  declare readonly documents?: string[];
  readonly previousHash: string;
  readonly hash: string;
  readonly #form: string;

  constructor(fields: Omit<Envelope, 'hash'>, form: string) {
    this.establishment = fields.establishment;
    this.epoch = fields.epoch;
    this.sequence = fields.sequence;
    this.time = fields.time;
    this.actor = fields.actor;
    this.type = fields.type;
    this.schemaVersion = fields.schemaVersion;
    this.data = fields.data;
    if (fields.private !== undefined) this.private = fields.private;
    if (fields.documents !== undefined) this.documents = fields.documents;
    this.previousHash = fields.previousHash;
    this.hash = sha256(form);
    this.#form = form;
  }

  static formOf(envelope: Envelope): string | undefined {
    return #form in envelope ? envelope.#form : undefined;
  }
}

/** The text an entry's hash is taken over: the canonical form of all its fields but `hash`. */
export function formOf(envelope: Envelope): string {
  const known = Sealed.formOf(envelope);
  if (known !== undefined) return known;
  const { hash: _, ...fields } = envelope;
  return canonical(fields);
}

/** `dataText` is the canonical form of `fields.data`, already made by whoever checked it. */
export function sealEntry(fields: Omit<Envelope, 'hash'>, dataText: string = canonical(fields.data)): Envelope {
  // Names in the order RFC 8785 sorts them; a property test holds this against `canonical`.
  const documents = fields.documents === undefined ? '' : `"documents":${canonical(fields.documents)},`;
  const secret = fields.private === undefined ? '' : `"private":${canonical(fields.private)},`;
  const form =
    `{"actor":${canonical(fields.actor)},"data":${dataText},${documents}"epoch":${fields.epoch},` +
    `"establishment":${canonical(fields.establishment)},"previousHash":"${fields.previousHash}",${secret}` +
    `"schemaVersion":${fields.schemaVersion},"sequence":${fields.sequence},"time":"${fields.time}",` +
    `"type":${canonical(fields.type)}}`;
  return new Sealed(fields, form);
}

/** Why a batch that does not continue the head is refused, in the same words by every engine. */
export function notNext(head: Head, first: { sequence: number; previousHash: string }): Refused {
  return new Refused({
    code: 'journal-not-next',
    message: `Entry ${first.sequence} does not continue the journal, which ends at entry ${head.sequence}.`,
    where: `entry ${first.sequence}`,
    expected: `entry ${head.sequence + 1}, continuing ${head.hash}`,
    kept: 'the journal as it was',
    retryable: false,
  });
}

/** True when every entry continues the one before it, the first continuing `head`. */
export function continues(
  head: Head,
  entries: readonly { sequence: number; previousHash: string; hash: string }[],
): boolean {
  let { sequence, hash } = head;
  for (const entry of entries) {
    if (entry.sequence !== sequence + 1 || entry.previousHash !== hash) return false;
    ({ sequence, hash } = entry);
  }
  return true;
}

function signedText(checkpoint: Omit<Checkpoint, 'publicKey' | 'signature'>): string {
  const { establishment, epoch, sequence, hash: entryHash, time } = checkpoint;
  return canonical({ establishment, epoch, sequence, hash: entryHash, time });
}

export function signCheckpoint(signer: CheckpointSigner, establishment: string, head: Head, time: string): Checkpoint {
  const statement = { establishment, epoch: head.epoch, sequence: head.sequence, hash: head.hash, time };
  return { ...statement, publicKey: signer.publicKey, signature: signer.sign(signedText(statement)) };
}

export function checkpointIsGenuine(checkpoint: Checkpoint): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(checkpoint.publicKey, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(signedText(checkpoint)), key, Buffer.from(checkpoint.signature, 'base64'));
  } catch {
    // A key or signature that cannot even be decoded proves nothing.
    return false;
  }
}

function signerOf(privateKey: KeyObject): CheckpointSigner {
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  return { publicKey, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64') };
}

export const newSealKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

export const signerFrom = (pem: string): CheckpointSigner => signerOf(createPrivateKey(pem));
