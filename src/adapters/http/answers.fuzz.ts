import { type Answering, answering } from '../fixtures/answering.ts';
import { tryCheck } from '../fixtures/checking.ts';
import { DicomwebProbe, FhirProbe } from '../probes/web.ts';

const fhir = new FhirProbe({
  kind: 'fhir',
  base: '/r4',
  counts: ['Patient'],
  digests: [{ name: 'p', search: 'Patient' }],
});
const dicomweb = new DicomwebProbe({ kind: 'dicomweb', base: '/', counts: [{ name: 'studies', search: 'studies' }] });
const never = new AbortController().signal;

/** Opened at the first input: loading this file costs nothing. */
let opened: Promise<Answering> | undefined;

/** First byte: who asks; the rest is what an HTTP or FHIR server answers, from its first line. */
export const fuzz = {
  name: 'http-answers',
  seeds(): Uint8Array[] {
    const of = (who: number, head: string, body: string) =>
      Buffer.concat([
        Buffer.of(who),
        Buffer.from(`HTTP/1.1 ${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
      ]);
    const bundle = '{"resourceType":"Bundle","total":12,"entry":[{"resource":{"id":"1"}}]}';
    const type = '200 OK\r\nContent-Type: application/fhir+json';
    return [
      of(0, '200 OK', 'all is ok'),
      of(0, '302 Found\r\nLocation: http://127.0.0.1:1/', ''),
      of(1, type, '{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1"}'),
      ...[2, 3].map((who) => of(who, type, bundle)),
      of(4, '200 OK\r\nContent-Type: application/dicom+json', '[{"0020000D":{"vr":"UI","Value":["1.2"]}},{}]'),
      Buffer.from('\x00HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok \r\n0\r\nTrailer: a\r\n\r\n'),
      Buffer.from('\x03HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n'),
    ];
  },
  async run(input: Uint8Array): Promise<void> {
    opened ??= answering();
    const peer = await opened;
    peer.say(input.subarray(1));
    const address = `127.0.0.1:${peer.port}`;
    const who = (input[0] ?? 0) % 5;
    if (who >= 3) {
      const asked = await (who === 3 ? fhir : dicomweb).ask(address, never);
      const hollow = asked.ok && asked.value.some(({ value }) => typeof value === 'number' && !Number.isFinite(value));
      if (hollow) throw new Error('a count that is none');
      return;
    }
    const url = `http://${address}/`;
    const entry = [
      { kind: 'http', url, expect: { bodyContains: 'ok' } },
      { kind: 'fhir', baseUrl: url },
      { kind: 'fhir', baseUrl: url, query: 'Patient', expect: { atLeast: 1 } },
    ][who];
    const { code } = await tryCheck(entry ?? {});
    if (code === 'check-error') throw new Error('the check itself broke');
  },
};
