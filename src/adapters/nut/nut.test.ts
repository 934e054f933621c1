import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { powerDevice } from './device.ts';
import { fuzz } from './nut.fuzz.ts';
import { listAnswer, wordsOf } from './protocol.ts';

const bytes = (text: string) => Buffer.from(text);

describe('the protocol of upsd', () => {
  test.each([
    ['VAR ups ups.status "OL CHRG"', ['VAR', 'ups', 'ups.status', 'OL CHRG']],
    ['VAR ups ups.model "Smart \\"UPS\\" \\\\ 1500"', ['VAR', 'ups', 'ups.model', 'Smart "UPS" \\ 1500']],
    ['VAR ups ups.id ""', ['VAR', 'ups', 'ups.id', '']],
    ['ERR DATA-STALE', ['ERR', 'DATA-STALE']],
    ['a "never closed', ['a', 'never closed']],
    ['', []],
  ])('words of %j', (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });

  test('a listing is answered once it is whole, whatever the pieces it came in', () => {
    const whole = 'BEGIN LIST VAR ups\nVAR ups ups.status "OB DISCHRG"\nVAR other ups.status "OL"\nEND LIST VAR ups\n';
    for (let cut = 0; cut < whole.length; cut += 1)
      expect(listAnswer(bytes(whole.slice(0, cut)), 'VAR ups')).toBeUndefined();
    expect(listAnswer(bytes(whole), 'VAR ups')).toEqual({ rows: [['ups.status', 'OB DISCHRG']] });
    expect(listAnswer(bytes('ERR UNKNOWN-UPS\n'), 'VAR ups')).toEqual({ error: 'UNKNOWN-UPS' });
  });

  test('any value written with NUT’s quoting is read back', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/[\r\n]/.test(text)),
        (value) => {
          const quoted = value.replace(/["\\]/g, '\\$&');
          expect(wordsOf(`VAR ups name "${quoted}"`)).toEqual(['VAR', 'ups', 'name', value]);
        },
      ),
    );
  });
});

describe('a power device', () => {
  test.each([
    ['OL', 'mains', false],
    ['OL CHRG', 'mains', false],
    ['OB DISCHRG', 'battery', false],
    ['OB LB', 'battery', true],
    ['OL BYPASS', 'bypass', false],
    ['OL OFF', 'off', false],
    ['ALARM OL', 'mains', false],
    ['TRIM', 'mains', false],
    ['FSD OL', 'mains', false],
    ['ALARM', 'unknown', false],
  ])('%j: power from %s', (status, source, lowBattery) => {
    expect(powerDevice('ups', new Map([['ups.status', status]]))).toMatchObject({ source, lowBattery });
  });

  test('what the device does not give is null, and nothing it gives is lost', () => {
    expect(powerDevice('ups', new Map())).toEqual({
      ...{
        id: 'ups',
        source: 'unknown',
        lowBattery: null,
        replaceBattery: null,
        chargePercent: null,
        runtimeSeconds: null,
      },
      ...{ loadPercent: null, inputVolts: null, outputVolts: null, batteryVolts: null, temperatureCelsius: null },
      ...{ model: null, maker: null, unmapped: {} },
    });
    const given = {
      'battery.charge': ' 87.5',
      'ups.temperature': 'XX.X',
      'battery.temperature': '24',
      'ups.model': '',
      'device.model': 'R 1500',
      'ups.load': '9'.repeat(400),
    };
    expect(powerDevice('ups', new Map(Object.entries(given)))).toMatchObject({
      ...{ chargePercent: 87.5, temperatureCelsius: 24, model: 'R 1500', loadPercent: null },
      unmapped: { 'ups.temperature': 'XX.X', 'ups.model': '', 'ups.load': '9'.repeat(400) },
    });
  });

  test('every variable of any device is a field or stays under its own name', () => {
    const names = fc.constantFrom(
      'ups.status',
      'ups.load',
      'battery.charge',
      'ups.temperature',
      'battery.temperature',
      'ups.model',
      'device.model',
      'x.y',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(names, fc.string()), { selector: ([name]) => name }), (variables) => {
        const device = powerDevice('ups', new Map(variables));
        const { id: _id, source: _source, lowBattery, replaceBattery, unmapped, ...fields } = device;
        const mapped = Object.values(fields).filter((value) => value !== null).length + (lowBattery === null ? 0 : 1);
        expect(replaceBattery === null).toBe(lowBattery === null);
        expect(mapped + Object.keys(unmapped).length).toBe(variables.length);
      }),
    );
  });

  test('the seeds of the fuzzer are valid inputs', () => {
    for (const seed of fuzz.seeds()) fuzz.run(seed);
  });
});
