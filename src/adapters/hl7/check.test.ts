import { Hl7Message } from '@medplum/core';
import { type Hl7Connection, type Hl7MessageEvent, Hl7Server } from '@medplum/hl7';
import { afterEach, describe, expect, test } from 'vitest';
import { tryCheck } from '../fixtures/checking.ts';
import { freePort } from '../fixtures/service.ts';

let server: Hl7Server | undefined;
afterEach(async () => {
  await server?.stop({ forceDrainTimeoutMs: 0 });
  server = undefined;
});

/** A receiver on Medplum's own MLLP server. */
async function receiver(answer: (message: Hl7Message, connection: Hl7Connection) => void): Promise<number> {
  server = new Hl7Server((connection) => {
    connection.addEventListener('message', (event: Hl7MessageEvent) => answer(event.message, connection));
  });
  const port = await freePort();
  await server.start(port);
  return port;
}
const ask = (port: number, more: object = {}) =>
  tryCheck({ kind: 'mllp', host: '127.0.0.1', port, receivingApplication: 'EAI', ...more });

describe('mllp check', () => {
  test('an accepting receiver passes, and was asked for its clock only', async () => {
    const asked: string[] = [];
    const port = await receiver((message, connection) => {
      asked.push(message.toString());
      connection.send(message.buildAck());
    });
    expect(await ask(port)).toMatchObject({ verdict: 'pass', measured: { acknowledgement: 'AA' } });
    expect(asked).toEqual([
      expect.stringMatching(
        /^MSH\|\^~\\&\|REFLEXE\|\|EAI\|\|\d{14}\+0000\|\|NMQ\^N01\^NMQ_N01\|[0-9a-f]{20}\|P\|2\.5\rNCK\|\d{14}\+0000\r?$/,
      ),
    ]);
  });

  test('a refusal is an answer, unless acceptance is expected', async () => {
    const port = await receiver((message, connection) => connection.send(message.buildAck({ ackCode: 'AR' })));
    expect(await ask(port)).toMatchObject({ verdict: 'pass', measured: { acknowledgement: 'AR' } });
    expect(await ask(port, { expect: { acknowledgement: 'accepted' } })).toMatchObject({
      verdict: 'fail',
      code: 'hl7-refused',
      failedConditions: [{ expected: 'AA or CA', observed: 'AR' }],
    });
    expect(await ask(port, { warn: { acknowledgement: 'accepted' } })).toMatchObject({ verdict: 'warn' });
  });

  test('an acknowledgement of another message, or no acknowledgement, is a failure that quotes nothing', async () => {
    let answer = (message: Hl7Message): string =>
      message
        .buildAck()
        .toString()
        .replace(/MSA\|AA\|[^|\r]*/, 'MSA|AA|another');
    const port = await receiver((message, connection) => connection.send(Hl7Message.parse(answer(message))));
    expect(await ask(port)).toMatchObject({ verdict: 'fail', code: 'hl7-other-message' });
    answer = () => 'MSH|^~\\&|EAI||REFLEXE||20240803||ADT^A01|1|P|2.5\rPID|||123||DUPONT^Jeanne';
    const unexpected = await ask(port);
    expect(unexpected).toMatchObject({ verdict: 'fail', code: 'hl7-no-acknowledgement' });
    expect(JSON.stringify(unexpected)).not.toContain('DUPONT');
  });
});
