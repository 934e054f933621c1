import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { ask, Refused } from './requests.ts';

interface Begun {
  path: string;
  /** What goes with both halves: a ticket, a link’s token, a name. */
  body?: object;
}

const refusing = (code: string) => new Refused({ code, message: code, retryable: true }, 0);

/** What a browser says of a ceremony that failed, as a refusal with words of its own. */
function told(error: unknown): unknown {
  if (error instanceof Refused || !(error instanceof Error)) return error;
  if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    return refusing('passkey-already');
  if (error instanceof WebAuthnError && error.code === 'ERROR_INVALID_RP_ID') return refusing('passkeys-unavailable');
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') return refusing('passkey-cancelled');
  return refusing('passkey-not-here');
}

async function ceremony<Options, Answer>(
  { path, body = {} }: Begun,
  answerTo: (options: Options) => Promise<object>,
): Promise<Answer> {
  if (!browserSupportsWebAuthn()) throw refusing('passkey-not-here');
  const { options } = await ask<{ options: Options }>('POST', `${path}/options`, optionsBody(body));
  try {
    const response = await answerTo(options);
    return await ask<Answer>('POST', path, { ...body, response });
  } catch (error) {
    throw told(error);
  }
}

/** The name of a new passkey goes with the second half only. */
function optionsBody(body: object): object {
  const { name: _, ...first } = body as { name?: string };
  return first;
}

export const makePasskey = <Answer>(begun: Begun): Promise<Answer> =>
  ceremony<PublicKeyCredentialCreationOptionsJSON, Answer>(begun, (optionsJSON) => startRegistration({ optionsJSON }));

export const signWithPasskey = <Answer>(begun: Begun): Promise<Answer> =>
  ceremony<PublicKeyCredentialRequestOptionsJSON, Answer>(begun, (optionsJSON) => startAuthentication({ optionsJSON }));

/**
 * Passkeys among what the browser offers to fill into the name’s field, where it can (conditional mediation).
 * Resolves when one was chosen and accepted; never rejects: what is not offered is not missed.
 */
export async function offerPasskeys(path: string, onRefused: (error: unknown) => void): Promise<boolean> {
  if (!(await browserSupportsWebAuthnAutofill())) return false;
  let response: object;
  try {
    const { options } = await ask<{ options: PublicKeyCredentialRequestOptionsJSON }>('POST', `${path}/options`, {});
    response = await startAuthentication({ optionsJSON: options, useBrowserAutofill: true });
  } catch {
    return false;
  }
  try {
    await ask('POST', path, { response });
    return true;
  } catch (error) {
    onRefused(error);
    return false;
  }
}

export const stopOffering = (): void => WebAuthnAbortService.cancelCeremony();
