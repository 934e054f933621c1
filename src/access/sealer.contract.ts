import { beforeEach, describe, expect, it } from 'vitest';
import { openText, type Sealer } from './sealer.ts';

/** The contract every sealer passes. */
export function sealerContract(name: string, make: () => Sealer): void {
  describe(`sealer: ${name}`, () => {
    let sealer: Sealer;
    beforeEach(() => {
      sealer = make();
    });
    const altered = expect.objectContaining({ refusal: expect.objectContaining({ code: 'sealed-altered' }) });

    it('opens what it sealed, bytes and texts, empty ones too', () => {
      expect(openText(sealer, 'people.name:1', sealer.seal('people.name:1', 'Zoé Ünal 🏥'))).toBe('Zoé Ünal 🏥');
      expect(openText(sealer, 'a', sealer.seal('a', ''))).toBe('');
      const bytes = Uint8Array.from({ length: 300 }, (_, at) => at % 256);
      expect(Buffer.from(sealer.open('b', sealer.seal('b', bytes))).equals(bytes)).toBe(true);
      expect(sealer.seal('b', bytes).length).toBeLessThanOrEqual(300 + 64);
    });

    it('seals the same twice differently, and shows nothing of it', () => {
      const [one, other] = [sealer.seal('a', 'canary-1234'), sealer.seal('a', 'canary-1234')];
      expect(Buffer.from(one).equals(other)).toBe(false);
      expect(Buffer.from(one).includes('canary')).toBe(false);
    });

    it('does not open what was moved, altered, cut or lengthened', () => {
      const sealed = sealer.seal('people.name:1', 'Zoé');
      expect(() => sealer.open('people.name:2', sealed)).toThrow(altered);
      for (let at = 0; at < sealed.length; at++) {
        const flipped = sealed.slice();
        flipped[at] = (flipped[at] ?? 0) ^ 0x80;
        expect(() => sealer.open('people.name:1', flipped)).toThrow(altered);
      }
      for (const wrong of [sealed.slice(0, -1), new Uint8Array(), Uint8Array.from([...sealed, 0])])
        expect(() => sealer.open('people.name:1', wrong)).toThrow(altered);
      expect(() => make().open('people.name:1', sealed)).toThrow(altered);
    });

    it('indexes a text under its column: the same for the same, another for any other', () => {
      expect(sealer.index('people.name', 'anne')).toMatch(/^[0-9a-f]{64}$/);
      expect(sealer.index('people.name', 'anne')).toBe(sealer.index('people.name', 'anne'));
      expect(sealer.index('people.name', 'anna')).not.toBe(sealer.index('people.name', 'anne'));
      expect(sealer.index('people.phone', 'anne')).not.toBe(sealer.index('people.name', 'anne'));
    });
  });
}
