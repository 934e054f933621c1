import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBytes, permits, privateNetworks } from './nameConstraints.ts';

describe('what an authority may certify', () => {
  it.each([
    ['reflexe.chu.test', true],
    ['Box.Reflexe.CHU.test', true],
    ['notreflexe.chu.test', false],
    ['chu.test', false],
    ['', false],
  ])('of the names: %s is %s', (name, may) => {
    expect(permits(['reflexe.chu.test'], [], name)).toBe(may);
  });

  it.each([
    ['10.255.0.1', true],
    ['11.0.0.1', false],
    ['172.31.255.255', true],
    ['172.32.0.0', false],
    ['192.168.7.7', true],
    ['fd12:3456::1', true],
    ['fe80::1', true],
    ['2001:db8::1', false],
    ['::1', true],
    ['::ffff:10.0.0.1', false],
  ])('of the addresses: %s is %s', (address, may) => {
    expect(permits([], privateNetworks, address)).toBe(may);
  });

  it('reads every address alike, however it is written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const bytes = addressBytes(address);
        expect(bytes.length).toBe(16);
        const words = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
        expect(addressBytes(words.join(':'))).toEqual(bytes);
      }),
    );
  });
});
