import { z } from 'zod';
import { passkeyRefused } from '../../access/passkeys/passkeys.ts';
import type { Passkey, PasskeyCeremonies } from '../../access/passkeys/ports.ts';
import { accept, type Result } from '../../journal/result.ts';

/** It weighs some megabytes and a tenth of a second: loaded when somebody first uses a passkey. */
const library = () => import('@simplewebauthn/server');

const base64url = z.string().regex(/^[\w-]+$/);
const credential = { id: base64url.max(1400), rawId: base64url.max(1400), type: z.literal('public-key') };
const extensions = z.looseObject({});

/** What `navigator.credentials` answered, as browsers write it in JSON (WebAuthn Level 3, 5.1.6). */
const Creation = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url.max(10_000),
    attestationObject: base64url.max(100_000),
    transports: z.array(z.string().max(30)).max(10).optional(),
  }),
  clientExtensionResults: extensions,
});
const Use = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url.max(10_000),
    authenticatorData: base64url.max(10_000),
    signature: base64url.max(10_000),
    userHandle: base64url.max(200).nullish(),
  }),
  clientExtensionResults: extensions,
});

/** EdDSA, ES256, RS256 (RFC 9053): what every authenticator of today has. Said here so that Node’s experimental ones are not tried. */
const supportedAlgorithmIDs = [-8, -7, -257];

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
const described = ({ id, transports }: Passkey) => ({ id, transports: [...transports] });

/** Every failure of the library is about what the browser sent: told as one refusal, with the library’s own word for it. */
async function refusing<Value>(verify: () => Promise<Result<Value>>): Promise<Result<Value>> {
  try {
    return await verify();
  } catch (error) {
    return passkeyRefused(
      error instanceof Error ? `a signature that holds (${error.message})` : 'a signature that holds',
    );
  }
}

export const passkeyCeremonies: PasskeyCeremonies = {
  creation: async (rp, person, challenge, known) =>
    (await library()).generateRegistrationOptions({
      rpName: rp.name,
      rpID: rp.id,
      userName: person.name,
      userDisplayName: person.displayName,
      userID: new Uint8Array(Buffer.from(person.id)),
      challenge: bytesOf(challenge),
      attestationType: 'none',
      supportedAlgorithmIDs,
      excludeCredentials: known.map(described),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    }),

  request: async (rp, challenge, allowed) =>
    (await library()).generateAuthenticationOptions({
      rpID: rp.id,
      challenge: bytesOf(challenge),
      userVerification: 'required',
      ...(allowed === undefined ? {} : { allowCredentials: allowed.map(described) }),
    }),

  verifyCreation: (given, { rp, isChallenge }) =>
    refusing(async () => {
      const parsed = Creation.safeParse(given);
      if (!parsed.success) return passkeyRefused('the answer of a browser');
      const { transports = [], ...response } = parsed.data.response;
      const { verifyRegistrationResponse } = await library();
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: { ...parsed.data, response: { ...response, transports } },
        expectedChallenge: isChallenge,
        expectedOrigin: [...rp.origins],
        expectedRPID: rp.id,
        requireUserVerification: true,
        supportedAlgorithmIDs,
      });
      if (!verified) return passkeyRefused('a signature that holds');
      const made = registrationInfo.credential;
      return accept({
        id: made.id,
        publicKey: Buffer.from(made.publicKey).toString('base64url'),
        counter: made.counter,
        transports,
        isSynced: registrationInfo.credentialDeviceType === 'multiDevice',
      });
    }),

  claimed(given) {
    const parsed = Use.safeParse(given);
    if (!parsed.success) return undefined;
    const { userHandle } = parsed.data.response;
    const person = userHandle ? Buffer.from(userHandle, 'base64url').toString() : undefined;
    return { id: parsed.data.id, person };
  },

  verifyUse: (given, passkey, { rp, isChallenge }) =>
    refusing(async () => {
      const parsed = Use.safeParse(given);
      if (!parsed.success) return passkeyRefused('the answer of a browser');
      const { userHandle, ...response } = parsed.data.response;
      const { verifyAuthenticationResponse } = await library();
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: { ...parsed.data, response: { ...response, ...(userHandle ? { userHandle } : {}) } },
        expectedChallenge: isChallenge,
        expectedOrigin: [...rp.origins],
        expectedRPID: rp.id,
        requireUserVerification: true,
        // The counter is judged by the room, which remembers a clone; the library would only refuse it.
        credential: { id: passkey.id, publicKey: bytesOf(passkey.publicKey), counter: 0 },
      });
      return verified ? accept({ counter: authenticationInfo.newCounter }) : passkeyRefused('a signature that holds');
    }),
};
