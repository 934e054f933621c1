import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { identifierOf, mappedGrants, nameOf, strengthOf, valuesOf } from './claims.ts';
import { ProviderSettings, SignInConfiguration } from './settings.ts';

const keycloak = {
  id: 'hospital',
  preset: 'keycloak',
  issuer: 'https://sso.hopital.example/realms/h',
  clientId: 'reflexe',
};
const refused = (line: object): string[] => {
  const read = ProviderSettings.safeParse({ ...keycloak, ...line });
  return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'));
};

describe('sign-in.yaml', () => {
  it('is what the documentation shows', () => {
    const text = readFileSync(new URL('../../../docs/sign-in.md', import.meta.url), 'utf8');
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    const { providers } = SignInConfiguration.parse(parse(yaml));
    expect(providers.map(({ id, scopes, secret }) => [id, scopes, secret])).toEqual([
      ['hopital', ['openid', 'profile'], 'hopital-client'],
      ['pro-sante-connect', ['openid', 'scope_all'], 'psc-client'],
    ]);
    expect(providers[1]).toMatchObject({
      issuer: 'https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet',
      discovery: 'https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet/.well-known/wallet-openid-configuration',
      acrValues: 'eidas1',
    });
    expect(SignInConfiguration.parse({}).providers).toEqual([]);
  });

  it('describes the sandbox of Pro Santé Connect beside its own issuer', () => {
    const issuer = 'https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet';
    const { discovery } = ProviderSettings.parse({ id: 'psc', preset: 'pro-sante-connect', clientId: 'x', issuer });
    expect(discovery).toBe(`${issuer}/.well-known/wallet-openid-configuration`);
  });

  it('names what is wrong in it', () => {
    expect(refused({})).toEqual([]);
    expect(refused({ issuer: 'http://sso.hopital.example' })).toEqual(['issuer']);
    expect(refused({ issuer: 'http://127.0.0.1:8080' })).toEqual([]);
    expect(refused({ secret: 'A secret itself, not its name!' })).toEqual(['secret']);
    expect(refused({ clientSecret: 'x' })).toEqual(['']);
    expect(refused({ scopes: ['profile'] })).toEqual(['scopes']);
    expect(refused({ preset: 'unknown' })).toEqual(['preset']);
    expect(refused({ identifier: { claim: 'x', pattern: '(' } })).toEqual(['identifier.pattern']);
    const line = { claim: 'groups', value: 'x', role: 'clinician' };
    expect(refused({ grants: [{ ...line, scope: 'ward' }] })).toEqual(['grants.0.ward']);
    expect(refused({ grants: [{ ...line, scope: 'everywhere' }] })).toEqual(['grants.0.scope']);
    expect(refused({ grants: [{ ...line, role: 'god', scope: 'establishment' }] })).toEqual(['grants.0.role']);
    expect(SignInConfiguration.safeParse({ providers: [keycloak, keycloak] }).success).toBe(false);
  });
});

describe('claims', () => {
  const settings = ProviderSettings.parse({
    ...keycloak,
    identifier: { claim: 'SubjectNameID', pattern: '^8(\\d{11})$' },
    strong: { acr: ['gold'], amr: ['mfa'] },
    grants: [
      { claim: 'realm_access.roles', value: 'soins', role: 'clinician', scope: 'ward', ward: 'rea' },
      { claim: 'groups', value: '/soins', role: 'clinician', scope: 'ward', ward: 'rea' },
      { claim: 'groups', value: '/direction', role: 'crisisDirector', scope: 'establishment' },
    ],
  });

  it('give the grants of the table, each once, and nothing that looks alike', () => {
    const both = { realm_access: { roles: ['soins', 'autre'] }, groups: '/soins' };
    expect(mappedGrants(settings, both)).toEqual([{ role: 'clinician', scope: 'ward', ward: 'rea' }]);
    for (const claims of [
      { groups: ['/soins/'] },
      { groups: ['/SOINS'] },
      { groups: { '/soins': true } },
      { groups: null },
      {},
    ])
      expect(mappedGrants(settings, claims)).toEqual([]);
  });

  it('are read where they stand, never from what every object inherits', () => {
    expect(valuesOf({ 'https://hopital.example/roles': ['a'] }, 'https://hopital.example/roles')).toEqual(['a']);
    expect(valuesOf({ a: { b: 'c' } }, 'a.b')).toEqual(['c']);
    for (const claim of ['constructor.name', '__proto__', 'a.constructor.name', 'toString'])
      expect(valuesOf({ a: { b: 'c' } }, claim)).toEqual([]);
  });

  it('hold a professional number only in its form', () => {
    expect(identifierOf(settings, { SubjectNameID: '810001234567' })).toBe('10001234567');
    for (const SubjectNameID of ['10001234567', '510001234567', '8100012345678', 810001234567])
      expect(identifierOf(settings, { SubjectNameID })).toBeNull();
  });

  it('count two factors only where one of the names agreed on is said', () => {
    expect([{ acr: 'gold' }, { amr: ['pwd', 'mfa'] }].map((signed) => strengthOf(settings, signed))).toEqual([2, 2]);
    expect([{}, { acr: 'mfa' }, { amr: ['pwd'] }, { acr: 1 }].map((signed) => strengthOf(settings, signed))).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it('name a person as well as they can', () => {
    expect(nameOf({ name: 'Anne', given_name: 'x' })).toBe('Anne');
    expect(nameOf({ given_name: 'Anne', family_name: 'MOREL' })).toBe('Anne MOREL');
    expect([nameOf({ preferred_username: 'amorel' }), nameOf({})]).toEqual(['amorel', null]);
  });
});
