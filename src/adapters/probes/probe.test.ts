import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { accept } from '../../journal/result.ts';
import { clinicalProbeContract, PLANTED_SECRET } from '../../restore/clinicalProbe.contract.ts';
import { configuredProbe, probeProblems } from './probe.ts';

const secrets = { read: async () => accept(PLANTED_SECRET) };
const place = { component: 'ehr', port: 1, live: '10.0.0.1:1' };

const sections = {
  postgresql: {
    database: 'ehr',
    user: 'reader',
    secret: 'reader',
    questions: [{ name: 'patients', sql: 'select count(*) from patient' }],
  },
  fhir: { counts: ['Patient'], digests: [{ name: 'first', search: 'Patient?_count=1' }] },
  dicomweb: { counts: [{ name: 'studies', search: 'studies' }] },
  dicom: { called: 'PACS' },
  hl7: { receiving: { application: 'EHR', facility: 'CHX' }, counts: [{ name: 'women', parameters: '@PID.8^F' }] },
} as const;

function probeOf(kind: keyof typeof sections, more: object = {}) {
  const made = configuredProbe(kind, { kind, ...place, ...sections[kind], ...more }, secrets);
  if (!made.ok) throw new Error(made.refusal.expected);
  return made.value;
}

for (const kind of ['postgresql', 'fhir', 'dicomweb', 'dicom', 'hl7'] as const)
  clinicalProbeContract(kind, () => probeOf(kind));

describe('a web probe', () => {
  let body = '';
  let status = 200;
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  const ready = new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const ask = async (kind: 'fhir' | 'dicomweb', more: object = {}) =>
    probeOf(kind, more).ask(await ready, new AbortController().signal);

  test('takes a total for a count, and never a page without one', async () => {
    const counts = { counts: ['Patient'], digests: [] };
    body = JSON.stringify({ resourceType: 'Bundle', total: 3 });
    expect(await ask('fhir', counts)).toEqual(accept([{ name: 'Patient', value: 3, rule: 'atLeast' }]));
    for (body of [
      JSON.stringify({ resourceType: 'Bundle', entry: [] }),
      JSON.stringify({ resourceType: 'OperationOutcome' }),
      JSON.stringify({ resourceType: 'Bundle', total: 'many' }),
      '[]',
    ])
      expect(await ask('fhir', counts), body).toMatchObject({ ok: false, refusal: { code: 'probe-no-answer' } });
  });

  test('digests what must stay the same without keeping it, whatever order its fields come in', async () => {
    const digests = { counts: ['Patient'], digests: [{ name: 'first', search: 'Patient?_count=1' }] };
    const page = (resource: object) => JSON.stringify({ resourceType: 'Bundle', total: 1, entry: [{ resource }] });
    const digestOf = async () => {
      const asked = await ask('fhir', digests);
      return asked.ok ? asked.value.find(({ name }) => name === 'first')?.value : undefined;
    };
    body = page({ id: '1', family: 'Durand' });
    const first = await digestOf();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    body = page({ family: 'Durand', id: '1' });
    expect(await digestOf()).toBe(first);
    body = page({ family: 'Dupont', id: '1' });
    expect(await digestOf()).not.toBe(first);
  });

  test('counts DICOMweb answers; no content is none, an error is no answer', async () => {
    body = JSON.stringify([{}, {}]);
    expect(await ask('dicomweb')).toEqual(accept([{ name: 'studies', value: 2, rule: 'atLeast' }]));
    [status, body] = [204, ''];
    expect(await ask('dicomweb')).toEqual(accept([{ name: 'studies', value: 0, rule: 'atLeast' }]));
    [status, body] = [503, '[]'];
    expect(await ask('dicomweb')).toMatchObject({ ok: false, refusal: { kept: 'HTTP 503' } });
  });
});

test('what is wrong with a section is told with its place', () => {
  expect(
    probeProblems({ kind: 'hl7', ...place, ...sections.hl7, counts: [{ name: 'all', parameters: 'PID|' }] }),
  ).toEqual([{ path: ['counts', 0, 'parameters'], message: expect.any(String) }]);
  expect(probeProblems({ kind: 'dicom', ...place, ...sections.dicom })).toEqual([]);
});
