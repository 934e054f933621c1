import { z } from 'zod';
import { Grant } from '../roles.ts';

const loopback = ['localhost', '127.0.0.1', '[::1]'];
/** TLS everywhere but on this very machine, where there is nothing between to listen. */
const Address = z.url({ protocol: /^https?$/ }).refine((text) => {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url !== null && loopback.includes(url.hostname));
}, 'expected an address in https');
const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower case, digits and dashes');
const Pattern = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => {
    try {
      return new RegExp(text) !== null;
    } catch {
      return false;
    }
  }, 'expected a regular expression');
const Texts = z.strictObject({ fr: z.string().min(1).max(60), en: z.string().min(1).max(60) });

/** A line of the table: who holds this value of this claim (`realm_access.roles`, `groups`) holds this grant. */
const Mapping = z
  .looseObject({ claim: z.string().min(1).max(200), value: z.string().min(1).max(500) })
  .transform((line, context) => {
    const { claim, value, ...granted } = line;
    const grant = Grant.safeParse(granted);
    if (grant.success) return { claim, value, grant: grant.data };
    for (const { path, message } of grant.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });

const own = {
  id: Id,
  clientId: z.string().min(1).max(500),
  /** The name of a secret, never the secret. Absent: a public client, held by PKCE alone. */
  secret: Id.optional(),
  grants: z.array(Mapping).max(500).default([]),
};
const known = {
  label: Texts,
  issuer: Address,
  /** Where its description stands, when not under the issuer's own `.well-known/openid-configuration`. */
  discovery: Address.optional(),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/)).min(1),
  acrValues: z.string().min(1).optional(),
  /** Where a professional number is found: only values of this form are one, and the first group is the number. */
  identifier: z.strictObject({ claim: z.string().min(1), pattern: Pattern }).optional(),
  /** What the signed answer says when two factors were used: any of these is enough (RFC 8176 for `amr`). */
  strong: z.strictObject({ acr: z.array(z.string()).default([]), amr: z.array(z.string()).default([]) }),
} as const;

/**
 * Pro Santé Connect: the description stands at an address of its own, because people sign in at the wallet's. The national
 * identifier of someone in the RPPS is an 8 and the eleven digits of their RPPS number. CPS and e-CPS are a card or a telephone
 * with its own code: two factors, which `eidas1`, the level to ask for, stands for.
 */
const proSanteConnect = {
  label: { fr: 'Pro Santé Connect', en: 'Pro Santé Connect' },
  issuer: 'https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet',
  scopes: ['openid', 'scope_all'],
  acrValues: 'eidas1',
  identifier: { claim: 'SubjectNameID', pattern: '^8(\\d{11})$' },
  strong: { acr: ['eidas1', 'eidas2', 'eidas3'], amr: [] },
};
const keycloak = {
  label: { fr: 'Compte de l’établissement', en: 'Account of the establishment' },
  scopes: ['openid', 'profile'],
  strong: { acr: [], amr: ['mfa'] },
};
const generic = { scopes: ['openid', 'profile'], strong: { acr: [], amr: ['mfa'] } };

const ProviderLine = z.discriminatedUnion('preset', [
  z.strictObject({
    preset: z.literal('pro-sante-connect'),
    ...own,
    ...known,
    label: known.label.default(proSanteConnect.label),
    issuer: known.issuer.default(proSanteConnect.issuer),
    scopes: known.scopes.default(proSanteConnect.scopes),
    acrValues: known.acrValues.default(proSanteConnect.acrValues),
    identifier: known.identifier.default(proSanteConnect.identifier),
    strong: known.strong.default(proSanteConnect.strong),
  }),
  z.strictObject({
    preset: z.literal('keycloak'),
    ...own,
    ...known,
    label: known.label.default(keycloak.label),
    scopes: known.scopes.default(keycloak.scopes),
    strong: known.strong.default(keycloak.strong),
  }),
  z.strictObject({
    preset: z.literal('generic'),
    ...own,
    ...known,
    scopes: known.scopes.default(generic.scopes),
    strong: known.strong.default(generic.strong),
  }),
]);

/** A provider as it is used: everything said, whatever preset it came from. */
export const ProviderSettings = z
  .preprocess(
    (line) => (line !== null && typeof line === 'object' ? { preset: 'generic', ...line } : line),
    ProviderLine,
  )
  .refine(({ scopes }) => scopes.includes('openid'), { path: ['scopes'], error: 'expected `openid` among the scopes' })
  .transform((line) => {
    // Elsewhere than in production, the description is looked for beside the issuer under the same name.
    const isOwnWallet = line.preset === 'pro-sante-connect' && line.discovery === undefined;
    const wallet = `${line.issuer}/.well-known/wallet-openid-configuration`;
    return { ...line, discovery: isOwnWallet ? wallet : line.discovery };
  });
export type ProviderSettings = z.infer<typeof ProviderSettings>;

/** `sign-in.yaml` of the configuration. */
export const SignInConfiguration = z.strictObject({
  providers: z
    .array(ProviderSettings)
    .max(10)
    .default([])
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'expected each provider once'),
});
export type SignInConfiguration = z.infer<typeof SignInConfiguration>;
