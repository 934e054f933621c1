import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrangement, arrange, type ToArrange } from './arrange.ts';
import { stack } from './stack.ts';

const box = { width: 100, height: 30 };

const given = (
  layers: readonly number[],
  links: readonly (readonly [number, number])[],
  lanes?: readonly number[],
): ToArrange => ({
  layer: Uint8Array.from(layers),
  lane: Uint16Array.from(lanes ?? layers.map(() => 0)),
  from: Uint32Array.from(links, ([from]) => from),
  to: Uint32Array.from(links, ([, to]) => to),
  box,
});

/** Maps of any shape: layers, sites and links, rings and links back to care included. */
const maps = fc
  .integer({ min: 1, max: 60 })
  .chain((count) =>
    fc.record({
      layers: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: count, maxLength: count }),
      lanes: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: count, maxLength: count }),
      links: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 3 * count }),
    }),
  )
  .map(({ layers, lanes, links }) =>
    given(
      layers,
      links.filter(([from, to]) => from !== to),
      lanes,
    ),
  );

const overlap = ({ x, y }: Arrangement, one: number, other: number) =>
  Math.abs((x[one] ?? 0) - (x[other] ?? 0)) < box.width - 0.01 &&
  Math.abs((y[one] ?? 0) - (y[other] ?? 0)) < box.height - 0.01;

describe('where boxes stand', () => {
  it('is never one upon the other, in its own layer and lane, whatever the map', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const found = arrange(map);
        for (let one = 0; one < map.layer.length; one += 1) {
          for (let other = 0; other < one; other += 1)
            expect(overlap(found, one, other), `${one} ${other}`).toBe(false);
          const band = found.bands.find(({ layer }) => layer === map.layer[one]);
          expect(found.x[one]).toBeGreaterThanOrEqual((band?.left ?? Number.NaN) - 0.01);
          expect((found.x[one] ?? Number.NaN) + box.width).toBeLessThanOrEqual((band?.right ?? Number.NaN) + 0.01);
          const lane = found.lanes[map.lane[one] ?? 0];
          expect(found.y[one]).toBeGreaterThanOrEqual((lane?.top ?? Number.NaN) - 0.01);
          expect((found.y[one] ?? Number.NaN) + box.height).toBeLessThanOrEqual((lane?.bottom ?? Number.NaN) + 0.01);
        }
      }),
      { numRuns: 150 },
    );
  });
  it('draws each link from its box to the other, without a gap', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const { pieces, linkStart, linkPieces, x, y } = arrange(map);
        const end = (piece: number, which: 0 | 2) => [
          pieces[piece * 4 + which] ?? 0,
          pieces[piece * 4 + which + 1] ?? 0,
        ];
        map.from.forEach((from, link) => {
          const way = [...linkPieces.slice(linkStart[link], linkStart[link + 1])];
          const middle = (at: number) => (y[at] ?? 0) + box.height / 2;
          const [startX = 0, startY] = end(way[0] ?? -1, 0);
          const [endX = 0, endY] = end(way.at(-1) ?? -1, 2);
          const to = map.to[link] ?? 0;
          expect([0, box.width]).toContain(Math.round(startX - (x[from] ?? 0)));
          expect([0, box.width]).toContain(Math.round(endX - (x[to] ?? 0)));
          expect(startY).toBeCloseTo(middle(from), 2);
          expect(endY).toBeCloseTo(middle(to), 2);
          for (let i = 1; i < way.length; i += 1) expect(end(way[i] ?? -1, 0)).toEqual(end(way[i - 1] ?? -1, 2));
        });
      }),
      { numRuns: 150 },
    );
  });
  it('has what is needed right of what needs it, inside a layer too', () => {
    const { x } = arrange(
      given(
        [0, 1, 1, 1, 5],
        [
          [0, 1],
          [1, 2],
          [2, 3],
          [3, 4],
          [0, 4],
        ],
      ),
    );
    expect([...x]).toEqual([...x].toSorted((one, other) => one - other));
    expect(new Set(x).size).toBe(5);
  });
  it('keeps care in the order it is given, however its links cross', () => {
    const { y } = arrange(
      given(
        [0, 0, 0, 1, 1, 1],
        [
          [0, 5],
          [1, 4],
          [2, 3],
        ],
      ),
    );
    expect((y[0] ?? 0) < (y[1] ?? 0) && (y[1] ?? 0) < (y[2] ?? 0)).toBe(true);
    // What they need is uncrossed instead.
    expect((y[5] ?? 0) < (y[4] ?? 0) && (y[4] ?? 0) < (y[3] ?? 0)).toBe(true);
  });
  it('lets lines to the same box share the way they have in common', () => {
    const { linkPieces, linkStart } = arrange(
      given(
        [0, 0, 2, 4],
        [
          [0, 3],
          [1, 3],
          [0, 2],
          [2, 3],
        ],
      ),
    );
    const way = (link: number) => linkPieces.slice(linkStart[link], linkStart[link + 1]);
    expect(way(0).at(-1)).toBe(way(1).at(-1));
    expect(way(0)[0]).not.toBe(way(1)[0]);
  });
  it('folds a layer with very many rows into several columns', () => {
    const { width, height } = arrange(
      given(
        Array.from({ length: 800 }, () => 3),
        [],
      ),
    );
    expect(width / height).toBeGreaterThan(0.5);
    expect(width / height).toBeLessThan(4);
  });
});

describe('the stack of one column', () => {
  it('keeps order and distances, stays inside, and moves nothing that has room', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -500, max: 500, noNaN: true }), { minLength: 1, maxLength: 40 }),
        (wishes) => {
          const apart = Float64Array.from(wishes, (_, i) => (i === 0 ? 0 : 10));
          const placed = Float64Array.from(wishes);
          stack(placed, apart, -400, 400);
          placed.forEach((place, i) => {
            if (i > 0) expect(place - (placed[i - 1] ?? 0)).toBeGreaterThanOrEqual(10 - 1e-9);
          });
          expect(placed[0]).toBeGreaterThanOrEqual(-400 - 1e-9);
          expect(placed.at(-1)).toBeLessThanOrEqual(400 + 1e-9);
        },
      ),
    );
    const placed = Float64Array.from([5, 40, 80]);
    stack(placed, Float64Array.from([0, 10, 10]), 0, 100);
    expect([...placed]).toEqual([5, 40, 80]);
  });
});
