import { identifierOf, mappedGrants, nameOf, strengthOf } from './claims.ts';
import { ProviderSettings } from './settings.ts';

const settings = ProviderSettings.parse({
  preset: 'pro-sante-connect',
  id: 'psc',
  clientId: 'reflexe',
  grants: [{ claim: 'realm_access.roles', value: 'cadre', role: 'clinician', scope: 'establishment' }],
});

/** What a provider signs about a person: whatever its claims hold, a grant comes from the table or not at all. */
export const fuzz = {
  name: 'oidc-claims',
  seeds: (): Uint8Array[] =>
    [
      '{"sub":"1","realm_access":{"roles":["cadre","x"]},"SubjectNameID":"810001234567","acr":"eidas1","given_name":"A","family_name":"B"}',
      '{"realm_access.roles":"cadre","amr":["mfa"],"acr":["eidas2"],"name":["A"],"SubjectNameID":[1,"8"]}',
      '{"__proto__":{"realm_access":{"roles":["cadre"]}},"preferred_username":" "}',
    ].map((text) => Buffer.from(text)),
  run(input: Uint8Array): void {
    const claims = objectIn(Buffer.from(input).toString('utf8'));
    if (claims === undefined) return;
    for (const grant of mappedGrants(settings, claims)) {
      if (!settings.grants.some((line) => line.grant === grant)) throw new Error('a grant from nowhere');
    }
    const identifier = identifierOf(settings, claims);
    if (identifier !== null && !/^\d{11}$/.test(identifier)) throw new Error(`no number: ${identifier}`);
    if (![1, 2].includes(strengthOf(settings, claims))) throw new Error('no strength');
    if ((nameOf(claims)?.length ?? 0) > 201) throw new Error('a name without end');
  },
};

function objectIn(text: string): { [claim: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
