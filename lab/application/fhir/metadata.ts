import type { Resource } from './resource.ts';
import type { Source } from './search.ts';

const TOKENS = new Set([
  '_id',
  'identifier',
  'status',
  'class',
  'code',
  'category',
  'criticality',
  'location.identifier',
]);
const REFERENCES = new Set(['patient', 'encounter', 'request']);
const DATES = new Set(['date', 'birthdate', 'authoredon', 'effective-time']);

const typeOf = (parameter: string): string =>
  TOKENS.has(parameter) ? 'token' : REFERENCES.has(parameter) ? 'reference' : DATES.has(parameter) ? 'date' : 'string';

/** What this server answers, as it tells a client that asks. */
export function capabilityStatement(sources: { [type: string]: Source }): Resource {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    kind: 'instance',
    software: { name: 'Dossier patient du Val-Serein' },
    implementation: { description: 'Hôpital de laboratoire : données synthétiques' },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        resource: [
          ...Object.entries(sources).map(([type, source]) => ({
            type,
            interaction: [{ code: 'read' }, { code: 'search-type' }],
            searchParam: source.parameters.map((name) => ({ name, type: typeOf(name) })),
          })),
          { type: 'Binary', interaction: [{ code: 'read' }] },
        ],
      },
    ],
  };
}
