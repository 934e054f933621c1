import { type Cipheriv, createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject } from 'node:crypto';
import sodium from 'sodium-native';

/** restic's keys (design.rst, «Keys, Encryption and MAC»): AES-256 for the bytes, Poly1305-AES for their seal. */
export interface RepositoryKey {
  /** 32 bytes. */
  encrypt: Uint8Array;
  /** 16 bytes each: AES-128 key of the nonce, and r. */
  macK: Uint8Array;
  macR: Uint8Array;
}

const nonceBytes = 16;
const macBytes = 16;
export const sealBytes = nonceBytes + macBytes;

/** Opens what restic sealed: nonce, ciphertext, MAC. Keeps two working buffers: one per thread. */
export class Opener {
  /** Made once: handed over as bytes, Node takes five times as long over the key as over a small blob. */
  readonly #encrypt: KeyObject;
  /** One block per message, never chained: its state does not pass from one to the next. */
  readonly #nonces: Cipheriv;
  /** r, then AES of the nonce. */
  readonly #oneTimeKey = Buffer.alloc(32);

  constructor(key: RepositoryKey) {
    this.#encrypt = createSecretKey(key.encrypt);
    this.#nonces = createCipheriv('aes-128-ecb', key.macK, null).setAutoPadding(false);
    this.#oneTimeKey.set(key.macR);
  }

  /** Undefined where the seal does not hold: altered, cut, or under another key. */
  open(sealed: Buffer): Buffer | undefined {
    if (sealed.length < sealBytes) return undefined;
    const nonce = sealed.subarray(0, nonceBytes);
    const ciphertext = sealed.subarray(nonceBytes, sealed.length - macBytes);
    this.#oneTimeKey.set(this.#nonces.update(nonce), 16);
    if (!sodium.crypto_onetimeauth_verify(sealed.subarray(sealed.length - macBytes), ciphertext, this.#oneTimeKey))
      return undefined;
    return createDecipheriv('aes-256-ctr', this.#encrypt, nonce).update(ciphertext);
  }
}

/** SHA-256, in hexadecimal: the name of what holds these bytes. */
export const nameOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');
