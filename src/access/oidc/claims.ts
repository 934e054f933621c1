import type { Grant } from '../roles.ts';
import type { ProviderSettings } from './settings.ts';

type Claims = { readonly [claim: string]: unknown };

const own = (from: unknown, name: string): unknown =>
  from !== null && typeof from === 'object' && Object.hasOwn(from, name) ? Reflect.get(from, name) : undefined;

/** The values a claim holds: one, or a list; a name with dots leads into objects, unless the claim itself is so named. */
export function valuesOf(claims: Claims, claim: string): string[] {
  const whole = own(claims, claim);
  const found = whole === undefined ? claim.split('.').reduce<unknown>(own, claims) : whole;
  return [found].flat().filter((value) => typeof value === 'string');
}

/** Grants that the table gives for these claims, each once. */
export function mappedGrants({ grants }: ProviderSettings, claims: Claims): Grant[] {
  const held = grants.filter(({ claim, value }) => valuesOf(claims, claim).includes(value)).map(({ grant }) => grant);
  return [...new Map(held.map((grant) => [JSON.stringify(grant), grant])).values()];
}

/** The professional number among the claims, where there is one of the right form. */
export function identifierOf({ identifier }: ProviderSettings, claims: Claims): string | null {
  if (!identifier) return null;
  const form = new RegExp(identifier.pattern);
  for (const value of valuesOf(claims, identifier.claim)) {
    const match = form.exec(value.slice(0, 200));
    if (match) return match[1] ?? match[0];
  }
  return null;
}

/** Two factors only where the signed answer says so. */
export function strengthOf({ strong }: ProviderSettings, signed: Claims): 1 | 2 {
  const said = (claim: string, enough: readonly string[]) =>
    valuesOf(signed, claim).some((value) => enough.includes(value));
  return said('acr', strong.acr) || said('amr', strong.amr) ? 2 : 1;
}

/** How the provider calls them: shown to colleagues, never used to know who it is. */
export function nameOf(claims: Claims): string | null {
  const first = (claim: string) => valuesOf(claims, claim)[0]?.trim().slice(0, 100) || undefined;
  const both = [first('given_name'), first('family_name')].filter((part) => part !== undefined).join(' ');
  return first('name') ?? (both || (first('preferred_username') ?? null));
}
