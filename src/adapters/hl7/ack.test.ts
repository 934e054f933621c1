import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzz } from './ack.fuzz.ts';
import { isAccepted, readAcknowledgement } from './ack.ts';
import { framed, unframed } from './frame.ts';
import { pingMessage } from './ping.ts';

const header = 'MSH|^~\\&|LIS|CHU|REFLEXE||20240803110000||ACK|1|P|2.5';

describe('acknowledgements', () => {
  test.each([
    [`${header}\rMSA|AA|42\r`, { code: 'AA', controlId: '42' }],
    [`${header}\nMSA|AR|42|refused\n`, { code: 'AR', controlId: '42' }],
    ['MSH#^~\\&#LIS\r\nMSA#CE# 7 ', { code: 'CE', controlId: '7' }],
    [`${header}\rMSA|AA`, { code: 'AA', controlId: '' }],
    [`${header}\rMSA|OK|42`, undefined],
    [`${header}\rPID|||1`, undefined],
    ['MSA|AA|42', undefined],
    ['', undefined],
  ])('%j', (message, read) => {
    expect(readAcknowledgement(message)).toEqual(read);
  });

  test('accepted, or at least kept', () => {
    expect(['AA', 'CA', 'AE', 'AR', 'CE', 'CR'].filter((code) => isAccepted({ code, controlId: '' }))).toEqual([
      'AA',
      'CA',
    ]);
  });
});

describe('frames', () => {
  test('a framed message comes back whole, whatever noise precedes it and however it is cut', () => {
    const latin1 = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(latin1, latin1, fc.nat(), (noise, message, cut) => {
        const sent = Buffer.concat([Buffer.from(noise, 'latin1'), framed(message)]);
        expect(unframed(sent)).toBe(message);
        expect(unframed(sent.subarray(0, cut % sent.length))).toBeUndefined();
      }),
    );
  });
});

test('the ping asks for the clock, says who asks, and carries nothing of a patient', () => {
  const names = {
    sendingApplication: 'REFLEXE',
    sendingFacility: 'CHU',
    receivingApplication: 'EAI',
    receivingFacility: '',
  };
  expect(pingMessage(names, 'id-1', Date.parse('2024-08-03T09:00:00.000Z'))).toBe(
    'MSH|^~\\&|REFLEXE|CHU|EAI||20240803090000+0000||NMQ^N01^NMQ_N01|id-1|P|2.5\rNCK|20240803090000+0000\r',
  );
});

test('the seeds of the fuzzer are valid inputs', () => {
  for (const seed of fuzz.seeds()) fuzz.run(seed);
});
