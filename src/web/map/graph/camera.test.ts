import fc from 'fast-check';
import { expect, it } from 'vitest';
import { between, centredOn, fitted, panned, SCALE_MAX, SCALE_MIN, seen, zoomedAt } from './camera.ts';

const view = { width: 1000, height: 600 };
const cameras = fc.record({
  x: fc.double({ min: -5000, max: 5000, noNaN: true }),
  y: fc.double({ min: -5000, max: 5000, noNaN: true }),
  scale: fc.double({ min: 0.05, max: 2, noNaN: true }),
});

it('what is under the pointer stays there while one zooms', () => {
  fc.assert(
    fc.property(cameras, fc.double({ min: 0.2, max: 5, noNaN: true }), (camera, factor) => {
      const at = { x: 300, y: 200 };
      const point = (one: typeof camera) => ({ x: one.x + at.x / one.scale, y: one.y + at.y / one.scale });
      const zoomed = zoomedAt(camera, factor, at);
      expect(point(zoomed).x).toBeCloseTo(point(camera).x, 5);
      expect(point(zoomed).y).toBeCloseTo(point(camera).y, 5);
      expect(zoomed.scale).toBeGreaterThanOrEqual(SCALE_MIN);
      expect(zoomed.scale).toBeLessThanOrEqual(SCALE_MAX);
    }),
  );
});
it('the whole of a picture fits the screen, and a small one is not blown up', () => {
  const large = seen(fitted({ x: 0, y: 0, width: 40_000, height: 9_000 }, view, 20), view);
  expect(large.x).toBeLessThanOrEqual(0);
  expect(large.x + large.width).toBeGreaterThanOrEqual(40_000);
  expect(fitted({ x: 0, y: 0, width: 100, height: 50 }, view, 20).scale).toBe(1);
});
it('a flight begins and ends where it says', () => {
  const [from, to] = [{ x: 0, y: 0, scale: 1 }, centredOn({ x: 900, y: 300 }, view, 0.5)];
  for (const [part, camera] of [
    [0, from],
    [1, to],
  ] as const) {
    expect(between(from, to, view, part).x).toBeCloseTo(camera.x, 6);
    expect(between(from, to, view, part).scale).toBeCloseTo(camera.scale, 6);
  }
  expect(panned(from, 10, -20)).toEqual({ x: -10, y: 20, scale: 1 });
});
