import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

interface Held {
  id: string;
  rpId: string;
  userHandle: string;
  key: KeyObject;
  counter: number;
}

export interface Ceremony {
  challenge: string;
  origin: string;
  rpId: string;
  /** False: nobody touched a sensor or typed a PIN. */
  isVerified?: boolean;
  type?: string;
}

const b64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const uint = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
};

/** An authenticator in software for tests: real keys, real signatures, and every way of misbehaving that is asked of it. */
export class SoftAuthenticator {
  readonly held: Held[] = [];
  /** What its counter grows by at each use; 0: it does not count. */
  step: number;

  constructor(step = 1) {
    this.step = step;
  }

  /** `navigator.credentials.create`, answered in JSON. */
  create({ challenge, origin, rpId, isVerified = true, type = 'webauthn.create' }: Ceremony, userId: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(32);
    const jwk = publicKey.export({ format: 'jwk' });
    const [x, y] = [jwk.x, jwk.y].map((part) => Buffer.from(part ?? '', 'base64url'));
    // COSE: EC2, ES256, P-256 (RFC 9053).
    const cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      x ?? Buffer.alloc(0),
      Buffer.from('225820', 'hex'),
      y ?? Buffer.alloc(0),
    ]);
    const held: Held = { id: b64(id), rpId, userHandle: userId, key: privateKey, counter: 0 };
    this.held.push(held);
    const flags = 0x41 | (isVerified ? 0x04 : 0);
    const authData = Buffer.concat([
      sha256(rpId),
      uint(flags, 1),
      uint(held.counter, 4),
      Buffer.alloc(16),
      uint(id.length, 2),
      id,
      cose,
    ]);
    const attestationObject = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
      uint(authData.length, 2),
      authData,
    ]);
    return {
      id: held.id,
      rawId: held.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: b64(JSON.stringify({ type, challenge, origin, crossOrigin: false })),
        attestationObject: b64(attestationObject),
        transports: ['internal'],
      },
    };
  }

  /** `navigator.credentials.get`, answered in JSON, by the credential held last. */
  use({ challenge, origin, rpId, isVerified = true, type = 'webauthn.get' }: Ceremony, held = this.held.at(-1)) {
    if (!held) throw new Error('no credential is held');
    held.counter += this.step;
    const authData = Buffer.concat([sha256(rpId), uint(0x01 | (isVerified ? 0x04 : 0), 1), uint(held.counter, 4)]);
    const clientDataJSON = JSON.stringify({ type, challenge, origin, crossOrigin: false });
    return {
      id: held.id,
      rawId: held.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: b64(clientDataJSON),
        authenticatorData: b64(authData),
        signature: b64(sign('sha256', Buffer.concat([authData, sha256(clientDataJSON)]), held.key)),
        userHandle: b64(held.userHandle),
      },
    };
  }
}
