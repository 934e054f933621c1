import type { IncomingMessage, ServerResponse } from 'node:http';
import type pg from 'pg';
import { readDocument } from '../documents.ts';
import type { Imaging } from '../imaging.ts';
import { appointments, encounters, patients } from './administrative.ts';
import { administrations, allergies, documentReferences, observations, prescriptions } from './clinical.ts';
import { imagingStudySource } from './imagingStudies.ts';
import { capabilityStatement } from './metadata.ts';
import { FhirError, outcome, type Resource } from './resource.ts';
import { type Search, type Source, sqlSource } from './search.ts';

const COUNT_DEFAULT = 50;
const COUNT_MAX = 500;

export type FhirAnswer = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** Answers FHIR R4 below `/fhir`: read, search by type, capabilities. Read-only, as the drill needs. */
export function fhirServer(pool: pg.Pool, imaging: Imaging, dataFolder: string): FhirAnswer {
  const sources: { [type: string]: Source } = {
    Patient: sqlSource(pool, patients),
    Encounter: sqlSource(pool, encounters),
    AllergyIntolerance: sqlSource(pool, allergies),
    MedicationRequest: sqlSource(pool, prescriptions),
    MedicationAdministration: sqlSource(pool, administrations),
    Observation: sqlSource(pool, observations),
    Appointment: sqlSource(pool, appointments),
    DocumentReference: sqlSource(pool, documentReferences),
    ImagingStudy: imagingStudySource(imaging),
  };
  return async (request, response, url) => {
    try {
      if (request.method !== 'GET') throw new FhirError(405, 'not-supported', 'this server only reads: use GET');
      const [type = '', id, ...rest] = url.pathname.replace(/^\/fhir\/?/, '').split('/');
      if (type === 'metadata' && id === undefined) return send(response, 200, capabilityStatement(sources));
      if (type === 'Binary' && id) return await sendBinary(response, pool, dataFolder, decodeURIComponent(id));
      const source = Object.hasOwn(sources, type) ? sources[type] : undefined;
      if (!source || rest.length > 0) throw new FhirError(404, 'not-supported', 'no such kind of resource here');
      if (id === undefined || id === '') return send(response, 200, await searchBundle(source, type, url));
      const found = await source.read(decodeURIComponent(id));
      if (!found) throw new FhirError(404, 'not-found', `no such ${type}`);
      send(response, 200, found);
    } catch (error) {
      sendFailure(response, error);
    }
  };
}

function sendFailure(response: ServerResponse, error: unknown): void {
  if (error instanceof FhirError) {
    send(response, error.status, outcome('error', error.code, error.message));
    return;
  }
  // What the database or the archive said may hold a patient's data: the client learns the kind only.
  const kind = error instanceof Error && 'code' in error ? String(error.code) : 'failure';
  process.stderr.write(`fhir: ${kind} while answering\n`);
  send(response, 503, outcome('error', 'transient', 'the data behind this service cannot be read now'));
}

export function readSearch(url: URL): { search: Search; summary: boolean } {
  const wholeNumber = (name: string, fallback: number): number => {
    const text = url.searchParams.get(name);
    if (text === null) return fallback;
    if (!/^\d{1,9}$/.test(text)) throw new FhirError(400, 'value', `${name}: expected a whole number`);
    return Number(text);
  };
  const summary = url.searchParams.get('_summary');
  if (summary !== null && !['count', 'false'].includes(summary)) {
    throw new FhirError(400, 'not-supported', '_summary: only count is offered');
  }
  const count = wholeNumber('_count', COUNT_DEFAULT);
  const filters = [...url.searchParams]
    .map(([name, value]) => ({ name, value }))
    .filter(({ name }) => !['_count', '_offset', '_summary', '_format', '_total'].includes(name));
  const search = { filters, count: Math.min(count, COUNT_MAX), offset: wholeNumber('_offset', 0) };
  // R4, 3.1.1.5.7: _count=0 is treated as _summary=count.
  return { search, summary: summary === 'count' || count === 0 };
}

async function searchBundle(source: Source, type: string, url: URL): Promise<Resource> {
  const { search, summary } = readSearch(url);
  const total = await source.count(search);
  const link = [{ relation: 'self', url: url.href }];
  const bundle = { resourceType: 'Bundle', type: 'searchset', total, link };
  if (summary) return bundle;
  const found = await source.find(search);
  if (search.offset + found.length < total && found.length > 0) {
    const next = new URL(url);
    next.searchParams.set('_offset', String(search.offset + found.length));
    link.push({ relation: 'next', url: next.href });
  }
  const base = `${url.origin}/fhir/${type}/`;
  const entry = found.map((resource) => ({ fullUrl: base + resource.id, resource, search: { mode: 'match' } }));
  return { ...bundle, entry: entry.length > 0 ? entry : undefined };
}

async function sendBinary(response: ServerResponse, pool: pg.Pool, dataFolder: string, id: string): Promise<void> {
  const { rows } = await pool.query<{ path: string; sha256: string; media_type: string }>(
    'select path, sha256, media_type from document where id = $1',
    [id],
  );
  const [row] = rows;
  if (!row) throw new FhirError(404, 'not-found', 'no such document');
  const content = await readDocument(dataFolder, row);
  response.writeHead(200, { 'content-type': row.media_type, 'content-length': content.length }).end(content);
}

export function send(response: ServerResponse, status: number, body: Resource): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/fhir+json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}
