import type { StateLook } from './palette.ts';

/** Signs are drawn on a square of this side, as in `Icon`. */
const SIDE = 24;

/** Draws the sign of a state, its middle at x, y. `onPlate`: over what stands behind, on a plate of the state's colour. */
export function paintSign(
  context: CanvasRenderingContext2D,
  look: StateLook,
  x: number,
  y: number,
  size: number,
  onPlate: boolean,
): void {
  context.save();
  context.translate(x - size / 2, y - size / 2);
  context.scale(size / SIDE, size / SIDE);
  if (onPlate) {
    context.fillStyle = '#fff';
    context.beginPath();
    context.arc(SIDE / 2, SIDE / 2, SIDE * 0.56, 0, 2 * Math.PI);
    context.fill();
  }
  context.strokeStyle = onPlate ? '#000' : look.ink;
  context.fillStyle = onPlate ? '#000' : look.ink;
  context.lineWidth = 2.1;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const shape of look.sign) context.stroke(shape);
  for (const shape of look.solid) context.fill(shape);
  context.restore();
}
