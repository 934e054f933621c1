export type Json = null | boolean | number | string | undefined | Json[] | { [key: string]: Json };

/** A FHIR R4 resource as JSON; members left undefined are not sent. */
export interface Resource {
  resourceType: string;
  id?: string;
  [member: string]: Json;
}

/** Naming systems of this hospital; `.example` is reserved, so they name nothing real. */
export const SYSTEMS = {
  ipp: 'https://val-serein.example/sid/ipp',
  stay: 'https://val-serein.example/sid/nda',
  document: 'https://val-serein.example/sid/document',
  rpps: 'urn:oid:1.2.250.1.71.4.2.1',
  ward: 'https://val-serein.example/sid/uf',
} as const;

/** A wrong request, told to the client as an OperationOutcome. */
export class FhirError extends Error {
  readonly status: number;
  /** From http://hl7.org/fhir/issue-type. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const outcome = (severity: 'error' | 'information', code: string, diagnostics: string): Resource => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code, diagnostics }],
});

export const coding = (system: string, code: string, display?: string): Json => ({ system, code, display });
export const concept = (system: string, code: string, display: string): Json => ({
  coding: [coding(system, code, display)],
  text: display,
});
export const reference = (type: string, id: string | null, display?: string): Json =>
  id === null ? undefined : { reference: `${type}/${id}`, display };
export const practitioner = (rpps: string | null, name: string | null): Json =>
  rpps === null
    ? undefined
    : { type: 'Practitioner', identifier: { system: SYSTEMS.rpps, value: rpps }, display: name ?? undefined };
