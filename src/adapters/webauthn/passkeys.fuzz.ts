import type { Passkey } from '../../access/passkeys/ports.ts';
import { passkeyCeremonies } from './passkeyCeremonies.ts';
import { SoftAuthenticator } from './softAuthenticator.ts';

const origin = 'https://reflexe.hopital.example';
const rp = { id: 'hopital.example', name: 'Reflexe', origins: [origin] };
const ceremony = { challenge: Buffer.alloc(32, 7).toString('base64url'), origin, rpId: rp.id };
const device = new SoftAuthenticator();
const made = device.create(ceremony, 'person-1');
const used = device.use(ceremony);
const expected = { rp, isChallenge: (challenge: string) => challenge === ceremony.challenge };
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');
const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

const created = await passkeyCeremonies.verifyCreation(made, expected);
if (!created.ok) throw new Error(created.refusal.message);
const passkey: Passkey = {
  ...created.value,
  person: 'person-1',
  rpId: rp.id,
  name: 'x',
  createdAt: 0,
  usedAt: null,
  isSuspect: false,
};
const genuine = Buffer.concat([
  bytesOf(used.response.clientDataJSON),
  bytesOf(used.response.authenticatorData),
  bytesOf(used.response.signature),
]);

/** Creation or use; the length of what the browser says (two bytes); what it says, then what the authenticator says, in CBOR. */
export const fuzz = {
  name: 'passkey answers',
  seeds(): Uint8Array[] {
    const of = (kind: number, ...parts: readonly string[]) => {
      const [client = '', ...rest] = parts.map(bytesOf);
      const length = Buffer.from(client).length;
      return Buffer.concat([
        Buffer.of(kind, length >> 8, length & 255),
        Buffer.from(client),
        ...rest.map((part) => Buffer.from(part)),
      ]);
    };
    return [
      of(0, made.response.clientDataJSON, made.response.attestationObject),
      of(1, used.response.clientDataJSON, used.response.authenticatorData, used.response.signature),
    ];
  },
  async run(input: Uint8Array): Promise<void> {
    const length = (input[1] ?? 0) * 256 + (input[2] ?? 0);
    const clientDataJSON = b64(input.subarray(3, 3 + length));
    const rest = input.subarray(3 + length);
    if ((input[0] ?? 0) % 2 === 0) {
      const response = { ...made.response, clientDataJSON, attestationObject: b64(rest) };
      const answered = await passkeyCeremonies.verifyCreation({ ...made, response }, expected);
      if (answered.ok && !(answered.value.counter >= 0 && /^[\w-]+$/.test(answered.value.publicKey)))
        throw new Error('a passkey that is none');
      return;
    }
    const response = {
      clientDataJSON,
      authenticatorData: b64(rest.subarray(0, 37)),
      signature: b64(rest.subarray(37)),
      userHandle: b64(Buffer.from('person-1')),
    };
    passkeyCeremonies.claimed({ ...used, response });
    const answered = await passkeyCeremonies.verifyUse({ ...used, response }, passkey, expected);
    if (!answered.ok) return;
    const shown = Buffer.concat([input.subarray(3, 3 + length), rest]);
    // An ECDSA signature has another form with the same meaning, and what the browser says is signed as it is.
    if (!shown.subarray(0, shown.length - 72).equals(genuine.subarray(0, shown.length - 72)))
      throw new Error('something that was not signed is believed');
  },
};
