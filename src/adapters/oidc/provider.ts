import * as client from 'openid-client';
import { identifierOf, nameOf, strengthOf } from '../../access/oidc/claims.ts';
import type { Asked, Identity, OidcProvider, ProviderState } from '../../access/oidc/ports.ts';
import type { ProviderSettings } from '../../access/oidc/settings.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { boundedFetch } from './boundedFetch.ts';

/** Reads a secret by its name. */
export type ReadSecret = (name: string) => Promise<Result<string>>;

/** Every time limit of a provider, with its reason. */
const limits = {
  /** Someone waits in front of the page; past it they take another way in. */
  requestSeconds: 4,
  /** How long an answer of the provider stands for "it is there": not asked again at each click. */
  seenMilliseconds: 10_000,
  /** The description changes once in years. */
  descriptionMilliseconds: 3600_000,
  /** Clocks of hospitals drift. */
  clockToleranceSeconds: 30,
} as const;

export interface ProviderParts {
  settings: ProviderSettings;
  secret: ReadSecret;
  now(): number;
  /** What the provider's failure was, for the log: its code and ours, never what it answered. */
  onTrouble(what: string): void;
}

/** An OpenID provider over openid-client: code flow with PKCE, state, nonce; the answer's signature is verified, TLS or not. */
export function oidcProvider({ settings, secret, now, onTrouble }: ProviderParts): OidcProvider {
  let described: { configuration: client.Configuration; at: number } | undefined;
  let seen: { state: ProviderState; at: number | null } = { state: 'unknown', at: null };
  let looking: Promise<Result<client.Configuration>> | undefined;

  /** Asks the provider for its description: whether it is there, and where it is. */
  async function describe(): Promise<Result<client.Configuration>> {
    const key = settings.secret === undefined ? undefined : await secret(settings.secret);
    if (key?.ok === false) return key;
    try {
      const isPlain = settings.issuer.startsWith('http:');
      const configuration = await client.discovery(
        new URL(settings.discovery ?? settings.issuer),
        settings.clientId,
        { [client.clockTolerance]: limits.clockToleranceSeconds },
        key === undefined ? client.None() : client.ClientSecretBasic(key.value),
        {
          timeout: limits.requestSeconds,
          [client.customFetch]: boundedFetch,
          // Plain only on loopback (settings); signatures are verified even where TLS vouches for the channel.
          execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
        },
      );
      if (configuration.serverMetadata().issuer !== settings.issuer) return silent('issuer-differs');
      seen = { state: 'answers', at: now() };
      const isFresh = described && now() - described.at < limits.descriptionMilliseconds;
      // The same object keeps the keys it fetched.
      if (!isFresh || !described) described = { configuration, at: now() };
      return accept(described.configuration);
    } catch (error) {
      return silent(codeOf(error));
    }
  }

  function silent(why: string): Result<never> {
    if (seen.state !== 'silent') onTrouble(`provider ${settings.id}: ${why}`);
    seen = { state: 'silent', at: now() };
    return providerSilent(settings.id);
  }

  /** One question at a time, however many people press. */
  function ask(): Promise<Result<client.Configuration>> {
    looking ??= describe().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  const isSeen = () => seen.state === 'answers' && seen.at !== null && now() - seen.at < limits.seenMilliseconds;
  const present = async () => (isSeen() && described ? accept(described.configuration) : ask());

  /** What the provider tells of the person beside the signed answer; about the same subject, or nothing. */
  async function account(configuration: client.Configuration, accessToken: string, subject: string) {
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
    return client.fetchUserInfo(configuration, accessToken, subject);
  }

  return {
    id: settings.id,
    label: settings.label,

    async begin(redirectUri) {
      const configuration = await present();
      if (!configuration.ok) return configuration;
      const asked: Asked = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
        redirectUri,
      };
      const url = client.buildAuthorizationUrl(configuration.value, {
        redirect_uri: redirectUri,
        scope: settings.scopes.join(' '),
        state: asked.state,
        nonce: asked.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(asked.codeVerifier),
        code_challenge_method: 'S256',
        ...(settings.acrValues === undefined ? {} : { acr_values: settings.acrValues }),
      });
      return accept({ url: url.href, asked });
    },

    async finish({ state, nonce, codeVerifier, redirectUri }, answer) {
      const configuration = await present();
      if (!configuration.ok) return configuration;
      // What was asked, with only the answer's own parameters: nothing else of the address counts.
      const url = new URL(redirectUri);
      url.search = answer.search;
      try {
        const answered = await client.authorizationCodeGrant(configuration.value, url, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        });
        const signed = answered.claims();
        if (signed === undefined || answered.id_token === undefined) return refusedAnswer('no-id-token');
        const told = await account(configuration.value, answered.access_token, signed.sub);
        const claims = { ...told, ...signed };
        return accept<Identity>({
          subject: signed.sub,
          name: nameOf(claims),
          identifier: identifierOf(settings, claims),
          claims,
          strength: strengthOf(settings, signed),
          idToken: answered.id_token,
        });
      } catch (error) {
        if (isUnreachable(error)) return silent(codeOf(error));
        if (error instanceof client.AuthorizationResponseError && error.error === 'access_denied') return givenUp;
        return refusedAnswer(codeOf(error));
      }
    },

    state: () => seen,

    async look() {
      if (!isSeen()) await ask();
    },

    signOutUrl(idToken, returnTo) {
      const configuration = described?.configuration;
      // Nobody is sent to a page that does not answer.
      if (!configuration?.serverMetadata().end_session_endpoint || seen.state !== 'answers') return null;
      return client.buildEndSessionUrl(configuration, {
        post_logout_redirect_uri: returnTo,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
      }).href;
    },
  };

  function refusedAnswer(why: string): Result<never> {
    onTrouble(`provider ${settings.id}: answer refused, ${why}`);
    return refuse('provider-answer-refused', 'The answer of the provider does not pass its checks.', {
      where: settings.id,
      expected: 'an answer to this very request, signed by this provider, for this hub, and still valid',
      kept: 'Nobody was signed in by it.',
      cure: 'Begin again; if it comes back, tell whoever runs Reflexe: the log has the reason.',
    });
  }
}

/** A stable word for the log; messages may quote what was answered. */
function codeOf(error: unknown): string {
  if (error instanceof client.ResponseBodyError) return error.error;
  if (error instanceof client.AuthorizationResponseError) return error.error;
  if (error instanceof client.ClientError && error.code !== undefined) return error.code;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error instanceof Error ? error.name : 'failure';
}

/** Nothing was answered, or a proxy answered in its place. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof client.ClientError) {
    const notOurs = error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && statusOf(error.cause) >= 500;
    return notOurs || ['OAUTH_TIMEOUT', 'OAUTH_ABORT'].includes(error.code ?? '');
  }
  return error instanceof TypeError && error.message === 'fetch failed';
}

const statusOf = (cause: unknown): number => (cause instanceof Response ? cause.status : 0);

const providerSilent = (provider: string) =>
  refuse('provider-silent', 'This provider does not answer.', {
    where: provider,
    kept: 'The other ways in are not concerned.',
    cure: 'Sign in with a passkey or a password; for urgent care, with a ward card.',
    retryable: true,
  });

const givenUp = refuse('provider-given-up', 'The sign-in was given up at the provider.', {
  cure: 'Begin again, or sign in another way.',
});
