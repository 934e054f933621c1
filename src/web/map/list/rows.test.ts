import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windowOf } from './rows.ts';

it('every row in sight is made, and no more than a screen and its surroundings', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30_000 }),
      fc.nat(1_400_000),
      fc.integer({ min: 1, max: 2_000 }),
      (count, top, height) => {
        const rowHeight = 48;
        const { first, end } = windowOf(count, rowHeight, top, height);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        expect(first).toBeLessThanOrEqual(end);
        for (let row = Math.floor(top / rowHeight); row * rowHeight < top + height && row < count; row += 1)
          expect(row >= first && row < end).toBe(true);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(height / rowHeight) + 26);
      },
    ),
  );
});
