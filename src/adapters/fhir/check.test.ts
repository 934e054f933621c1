import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { tryCheck } from '../fixtures/checking.ts';

let close: (() => Promise<unknown>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

/** A FHIR server as small as one can be: what it is asked, and what it says. */
async function fhirServer(answer: (path: string) => { status?: number; body: unknown }) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.accept}`);
    const { status = 200, body } = answer(request.url ?? '');
    response
      .writeHead(status, { 'content-type': 'application/fhir+json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => new Promise((resolve) => server.close(resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (more: object = {}) => tryCheck({ kind: 'fhir', baseUrl: `http://127.0.0.1:${port}/fhir`, ...more });
  return { asked, ask };
}

describe('fhir check', () => {
  test('the server states what it is', async () => {
    const { ask, asked } = await fhirServer(() => ({
      body: { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', status: 'active' },
    }));
    expect(await ask()).toMatchObject({ verdict: 'pass', measured: { fhirVersion: '4.0.1' } });
    expect(asked).toEqual(['/fhir/metadata application/fhir+json']);
    expect(await ask({ expect: { fhirVersion: '4.0' } })).toMatchObject({ verdict: 'pass' });
    expect(await ask({ expect: { fhirVersion: '5.0' } })).toMatchObject({ verdict: 'fail', code: 'fhir-version' });
  });

  test('a count is asked, never the patients themselves', async () => {
    const { ask, asked } = await fhirServer(() => ({
      body: { resourceType: 'Bundle', type: 'searchset', total: 2431 },
    }));
    expect(await ask({ query: 'Patient?active=true', expect: { atLeast: 2000 } })).toMatchObject({
      verdict: 'pass',
      measured: { total: 2431 },
    });
    expect(await ask({ query: 'Patient', expect: { atLeast: 3000 } })).toMatchObject({
      verdict: 'fail',
      code: 'fhir-count',
    });
    expect(asked.map((line) => line.split(' ')[0])).toEqual([
      '/fhir/Patient?active=true&_summary=count',
      '/fhir/Patient?_summary=count',
    ]);
  });

  test('anything else is a failure that repeats nothing of it', async () => {
    const bodies: unknown[] = [
      '<html>DUPONT</html>',
      '{"resourceType":"Patient","name":"DUPONT"}',
      '',
      'null',
      '{"resourceType":"Bundle","total":-1}',
    ];
    const { ask } = await fhirServer(() => ({ body: bodies[0] }));
    while (bodies.length > 0) {
      const seen = await ask({ query: 'Patient' });
      expect(seen).toMatchObject({ verdict: 'fail', code: 'fhir-not-the-resource' });
      expect(JSON.stringify(seen)).not.toContain('DUPONT');
      bodies.shift();
    }
    await close?.();
    const { ask: askBroken } = await fhirServer(() => ({ status: 500, body: { resourceType: 'OperationOutcome' } }));
    expect(await askBroken()).toMatchObject({ verdict: 'fail', code: 'fhir-status', detail: '500' });
  });
});
