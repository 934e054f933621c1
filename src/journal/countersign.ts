import { createPublicKey, verify } from 'node:crypto';
import { canonical } from './canonical.ts';
import type { Checkpoint, CheckpointSigner, Head } from './ports.ts';
import { accept, type Refusal, type Result, refuse } from './result.ts';
import { checkpointIsGenuine, sha256 } from './seal.ts';
import { type Fields, fieldsOf, headText } from './verify.ts';

/** Another site's word that it saw this checkpoint at this time, and that it continues the ones it saw before. */
export interface Countersignature {
  checkpoint: Checkpoint;
  /** The establishment that vouches. */
  site: string;
  time: string;
  /** Ed25519 public key of the site, SPKI DER, base64. */
  publicKey: string;
  /** Ed25519 over the canonical form of the fields above but the key, base64. */
  signature: string;
}

/** What a hospital sends to another: a checkpoint, and the entries that lead to it from what that site signed before. */
export interface CountersignRequest {
  checkpoint: Checkpoint;
  /** The place the entries start after; the journal's beginning for a site that never signed. */
  since: Head;
  /** The stored forms of the entries after `since`, up to the checkpoint's own, byte for byte. */
  forms: readonly string[];
}

/** Two things one key signed that cannot both be true of one journal. Whoever holds both proves the fork to anyone. */
export interface Fork {
  establishment: string;
  epoch: number;
  /** What this site signed before. */
  signed: Checkpoint;
  /** What was offered now: its entries lead elsewhere. */
  offered: CountersignRequest;
}

export type Judgement =
  | { verdict: 'sign' }
  /** This very checkpoint was signed before: the answer may be given again. */
  | { verdict: 'signed-before' }
  | { verdict: 'fork'; fork: Fork; refusal: Refusal }
  | { verdict: 'refused'; refusal: Refusal };

const kept = 'nothing was signed';
const refused = (code: string, message: string, more: Partial<Refusal> = {}): Judgement => ({
  verdict: 'refused',
  refusal: { code, message, kept, retryable: false, ...more },
});

/**
 * The rule of a countersigner. `before` holds every checkpoint this site signed of that establishment. It signs only what
 * extends the last it signed of that journal and epoch, under the same key; the first it meets, it takes at its word.
 */
export function judge(request: CountersignRequest, before: readonly Checkpoint[], site: string): Judgement {
  const { checkpoint } = request;
  const { establishment, epoch, sequence } = checkpoint;
  const where = `${establishment}, epoch ${epoch}, entry ${sequence}`;
  if (!checkpointIsGenuine(checkpoint)) {
    return refused('checkpoint-not-genuine', 'This checkpoint is not signed by the key it names.', {
      where,
      cure: 'Have the file made again by `reflexe journal checkpoint --out`.',
    });
  }
  if (establishment === site) {
    return refused('countersign-own', `A site does not countersign its own journal (${site}).`, {
      where,
      expected: 'the journal of another establishment',
    });
  }
  const chain = chainOf(request);
  if (!chain.ok) return { verdict: 'refused', refusal: { where, ...chain.refusal } };
  const ofJournal = before.filter((one) => one.establishment === establishment);
  const later = ofJournal.find((one) => one.epoch > epoch);
  if (later !== undefined) {
    return refused('checkpoint-former-epoch', `This site already signed epoch ${later.epoch} of that journal.`, {
      where,
      expected: `epoch ${later.epoch} or later`,
      cure: 'A hub that goes on in a former epoch must be stopped: its establishment was taken over.',
    });
  }
  const ofEpoch = ofJournal.filter((one) => one.epoch === epoch);
  const last = ofEpoch.reduce<Checkpoint | undefined>(
    (highest, one) => (highest === undefined || one.sequence > highest.sequence ? one : highest),
    undefined,
  );
  if (last === undefined) return { verdict: 'sign' };
  if (last.publicKey !== checkpoint.publicKey) {
    return refused('checkpoint-other-key', 'This checkpoint is signed by another key than the ones before it.', {
      where,
      expected: `the key ${last.publicKey}, which signed entry ${last.sequence} at ${last.time}`,
      cure: 'Ask the establishment by phone what happened. A journal sealed again by an intruder looks exactly so.',
    });
  }
  const contradicted = ofEpoch.find((one) => (chain.value.get(one.sequence) ?? one.hash) !== one.hash);
  if (contradicted !== undefined) return forked(request, contradicted);
  if (sequence < last.sequence) {
    return refused('checkpoint-not-higher', `This site already signed entry ${last.sequence} of that journal.`, {
      where,
      expected: `an entry after ${last.sequence}`,
      cure: 'Send a newer checkpoint. If the journal really ends here, its end was lost: it must be taken from a copy.',
    });
  }
  if (sequence === last.sequence) return { verdict: 'signed-before' };
  if (chain.value.has(last.sequence)) return { verdict: 'sign' };
  return refused('countersign-gap', `The file does not show that entry ${sequence} continues entry ${last.sequence}.`, {
    where,
    expected: `the entries after ${last.sequence}, which this site signed`,
    cure: `Have it made again: reflexe journal checkpoint --since ${last.sequence} --out FILE`,
  });
}

function forked(request: CountersignRequest, signed: Checkpoint): Judgement {
  const { establishment, epoch } = request.checkpoint;
  return {
    verdict: 'fork',
    fork: { establishment, epoch, signed, offered: request },
    refusal: {
      code: 'journal-forked',
      message: `The journal of ${establishment} was forked: what is offered does not hold entry ${signed.sequence} as this site signed it at ${signed.time}.`,
      where: `${establishment}, epoch ${epoch}, entry ${signed.sequence}`,
      expected: headText(signed),
      kept: 'nothing was signed; both statements are kept as evidence',
      cure: 'Tell the establishment by phone, and keep the evidence: one of its two histories was made up.',
      retryable: false,
    },
  };
}

/** The hash at each place the request shows, where its entries really lead from `since` to the checkpoint. */
function chainOf({ checkpoint, since, forms }: CountersignRequest): Result<Map<number, string>> {
  const broken = (why: string) =>
    refuse('countersign-proof-broken', `The entries of this file do not lead to its checkpoint: ${why}.`, {
      expected: `the entries after ${since.sequence}, up to ${checkpoint.sequence}`,
      kept,
      cure: 'The file was altered or damaged on its way: have it made again.',
    });
  const places = new Map([[since.sequence, since.hash]]);
  let { sequence, hash } = since;
  for (const form of forms) {
    const fields = fieldsOf(form);
    if (fields?.sequence !== sequence + 1 || fields.previousHash !== hash) {
      return broken(`entry ${sequence + 1} does not continue entry ${sequence}`);
    }
    if (fields.establishment !== checkpoint.establishment) return broken(`entry ${sequence + 1} is of another journal`);
    sequence += 1;
    hash = sha256(form);
    places.set(sequence, hash);
  }
  if (sequence !== checkpoint.sequence || hash !== checkpoint.hash) {
    return broken(`they end at entry ${sequence}, with another hash or place than the checkpoint's`);
  }
  return accept(places);
}

const signedText = ({ checkpoint, site, time }: Pick<Countersignature, 'checkpoint' | 'site' | 'time'>): string =>
  canonical({ countersigned: checkpoint, site, time });

export function countersign(
  signer: CheckpointSigner,
  checkpoint: Checkpoint,
  site: string,
  time: string,
): Countersignature {
  const statement = { checkpoint, site, time };
  return { ...statement, publicKey: signer.publicKey, signature: signer.sign(signedText(statement)) };
}

/** True where both signatures are by the keys they name, and the site is another. What the keys are worth, people say. */
export function countersignatureIsGenuine(one: Countersignature): boolean {
  if (one.site === one.checkpoint.establishment || !checkpointIsGenuine(one.checkpoint)) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(one.publicKey, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(signedText(one)), key, Buffer.from(one.signature, 'base64'));
  } catch {
    // A key or signature that cannot even be decoded proves nothing.
    return false;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlace = (value: unknown, least: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= least;
const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** Undefined where the value is no checkpoint; fields it does not know are left out. */
export function readCheckpoint(value: unknown): Checkpoint | undefined {
  if (!isFields(value)) return undefined;
  const { establishment, epoch, sequence, hash, time, publicKey, signature } = value;
  if (!isPlace(epoch, 1) || !isPlace(sequence, 1) || !isHash(hash)) return undefined;
  if (typeof establishment !== 'string' || typeof time !== 'string') return undefined;
  if (typeof publicKey !== 'string' || typeof signature !== 'string') return undefined;
  return { establishment, epoch, sequence, hash, time, publicKey, signature };
}

export function readCountersignature(value: unknown): Countersignature | undefined {
  if (!isFields(value)) return undefined;
  const { site, time, publicKey, signature } = value;
  const checkpoint = readCheckpoint(value.checkpoint);
  if (checkpoint === undefined || typeof site !== 'string' || typeof time !== 'string') return undefined;
  if (typeof publicKey !== 'string' || typeof signature !== 'string') return undefined;
  return { checkpoint, site, time, publicKey, signature };
}

export function readRequest(value: unknown): CountersignRequest | undefined {
  if (!isFields(value) || !isFields(value.since) || !Array.isArray(value.forms)) return undefined;
  const checkpoint = readCheckpoint(value.checkpoint);
  const { epoch, sequence, hash } = value.since;
  if (checkpoint === undefined || !isPlace(epoch, 1) || !isPlace(sequence, 0) || !isHash(hash)) return undefined;
  const forms: unknown[] = value.forms;
  if (!forms.every((form) => typeof form === 'string')) return undefined;
  return { checkpoint, since: { epoch, sequence, hash }, forms };
}
