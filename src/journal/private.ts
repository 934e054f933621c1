import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonical } from './canonical.ts';
import type { Json, PrivatePart } from './event.ts';
import type { Envelope, KeyStore } from './ports.ts';

type Place = Pick<Envelope, 'establishment' | 'epoch' | 'sequence' | 'type'>;

/** GCM's own sizes (NIST SP 800-38D): a 96-bit nonce, a 128-bit tag at the end of the ciphertext. */
const nonceBytes = 12;
const tagBytes = 16;

/** The ciphertext is bound to the entry it stands in: moved to another, it no longer opens. */
const placeText = (place: Place): Buffer =>
  Buffer.from(canonical([place.establishment, place.epoch, place.sequence, place.type]));

/** Encrypts under the subject's erasable key. Also returns the part as every later reader will see it. */
export function encryptPrivate(
  part: PrivatePart,
  place: Place,
  keys: KeyStore,
): { stored: NonNullable<Envelope['private']>; data: { [key: string]: Json } } {
  const text = canonical(part.data);
  const { keyId, key } = keys.keyFor(part.subject);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(placeText(place));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    stored: { keyId, nonce: nonce.toString('base64'), ciphertext: ciphertext.toString('base64') },
    data: JSON.parse(text),
  };
}

/** Null where the key was erased, or no longer opens it: the entry stands, its private part is gone. */
export function decryptPrivate(
  stored: NonNullable<Envelope['private']>,
  place: Place,
  keys: KeyStore,
): { [key: string]: Json } | null {
  const key = keys.find(stored.keyId);
  if (key === undefined) return null;
  try {
    const ciphertext = Buffer.from(stored.ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(stored.nonce, 'base64'), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(placeText(place)).setAuthTag(ciphertext.subarray(-tagBytes));
    const text = Buffer.concat([decipher.update(ciphertext.subarray(0, -tagBytes)), decipher.final()]).toString();
    return JSON.parse(text);
  } catch {
    return null;
  }
}
