import type { ComponentState } from '../../../../map/model.ts';
import type { Palette, StateLook } from './palette.ts';

/** Signs are drawn on a square of this side, as in `Icon`. */
const SIDE = 24;

/** Draws the sign of a state, its middle at x, y. */
export function paintSign(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  { sign, solid, ink }: Pick<StateLook, 'sign' | 'solid' | 'ink'>,
  x: number,
  y: number,
  size: number,
): void {
  context.save();
  context.translate(x - size / 2, y - size / 2);
  context.scale(size / SIDE, size / SIDE);
  context.strokeStyle = ink;
  context.fillStyle = ink;
  context.lineWidth = 2.1;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const shape of sign) context.stroke(shape);
  for (const shape of solid) context.fill(shape);
  context.restore();
}

const badges = new WeakMap<Palette, Map<string, OffscreenCanvas>>();

/** A sign on a plate of the ground, drawn once for many. `size` in pixels of the canvas. */
export function badgeOf(palette: Palette, state: ComponentState, size: number): OffscreenCanvas {
  const known = badges.get(palette) ?? new Map<string, OffscreenCanvas>();
  badges.set(palette, known);
  const key = `${state} ${size}`;
  const drawn = known.get(key);
  if (drawn !== undefined) return drawn;
  const badge = new OffscreenCanvas(size, size);
  const context = badge.getContext('2d');
  if (context !== null) {
    context.fillStyle = palette.surface;
    context.beginPath();
    context.arc(size / 2, size / 2, size / 2, 0, 2 * Math.PI);
    context.fill();
    paintSign(context, palette.states[state], size / 2, size / 2, size * 0.86);
  }
  known.set(key, badge);
  return badge;
}
