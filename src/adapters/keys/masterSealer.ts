import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { RotatingSealer } from '../../access/keys/ports.ts';
import { sealedAltered } from '../../access/sealer.ts';
import { Refused } from '../../journal/result.ts';

/** 256 bits, with the name it bears in what it seals. */
export interface NamedKey {
  /** 16 hex digits. */
  id: string;
  key: Uint8Array;
}

export const newKey = (): NamedKey => ({
  id: randomBytes(idBytes).toString('hex'),
  key: new Uint8Array(randomBytes(32)),
});

/** Sealed bytes: format, id of the key, nonce, ciphertext, tag. GCM's own sizes (NIST SP 800-38D). */
const format = 1;
const idBytes = 8;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + idBytes + nonceBytes;

/** A key never serves twice: what seals, and what indexes, are derived from it (HKDF, RFC 5869). */
const derived = (key: Uint8Array, use: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `reflexe ${use} 1`, 32));

/** The whole head but the nonce, and what is sealed where. */
const associated = (head: Uint8Array, what: string): Uint8Array =>
  Buffer.concat([Buffer.from('reflexe sealed'), head.subarray(0, 1 + idBytes), Buffer.from(what)]);

/** For what is not to be opened in another life. */
export function sealerOfThisLife(): RotatingSealer {
  const key = newKey();
  return sealerUnder(() => [key]);
}

/**
 * AES-256-GCM under the first of `keys()`, which is asked each time: a rotation changes it under a running hub. `indexKey` outlives
 * rotations, for an index has to stay findable. A random nonce is good for 2^32 seals of one key; ours make thousands,
 * and a file of millions has a key of its own.
 */
export function sealerUnder(keys: () => readonly NamedKey[], indexKey?: () => Uint8Array): RotatingSealer {
  const sealing = new WeakMap<Uint8Array, KeyObject>();
  function sealingKey({ key }: NamedKey): KeyObject {
    const made = sealing.get(key) ?? createSecretKey(derived(key, 'seal'));
    sealing.set(key, made);
    return made;
  }
  const newest = (): NamedKey => {
    const [first] = keys();
    if (first === undefined) throw new Error('no key to seal under');
    return first;
  };
  const idOf = (sealed: Uint8Array): string => Buffer.from(sealed.subarray(1, 1 + idBytes)).toString('hex');
  return {
    seal(what, plain) {
      const named = newest();
      const nonce = randomBytes(nonceBytes);
      const head = Buffer.concat([Uint8Array.of(format), Buffer.from(named.id, 'hex'), nonce]);
      const cipher = createCipheriv('aes-256-gcm', sealingKey(named), nonce).setAAD(associated(head, what));
      const bytes = typeof plain === 'string' ? Buffer.from(plain) : plain;
      return new Uint8Array(Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]));
    },
    open(what, sealed) {
      const named = keys().find(({ id }) => id === idOf(sealed));
      if (named === undefined || sealed[0] !== format || sealed.length < headBytes + tagBytes)
        throw new Refused(sealedAltered(what));
      try {
        const nonce = sealed.subarray(1 + idBytes, headBytes);
        const decipher = createDecipheriv('aes-256-gcm', sealingKey(named), nonce, { authTagLength: tagBytes });
        decipher.setAAD(associated(sealed, what)).setAuthTag(sealed.subarray(-tagBytes));
        return new Uint8Array(
          Buffer.concat([decipher.update(sealed.subarray(headBytes, -tagBytes)), decipher.final()]),
        );
      } catch {
        throw new Refused(sealedAltered(what));
      }
    },
    isCurrent: (sealed) =>
      sealed[0] === format && sealed.length >= headBytes + tagBytes && idOf(sealed) === newest().id,
    index(what, text) {
      const key = derived(indexKey?.() ?? newest().key, 'index');
      return createHmac('sha256', key).update(`${what}\0${text}`).digest('hex');
    },
  };
}
