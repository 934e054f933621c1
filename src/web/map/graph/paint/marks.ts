import type { ComponentState } from '../../../../map/model.ts';
import { states } from '../layers.ts';
import type { Arrangement } from '../layout/arrange.ts';
import type { Face, Looking } from './boxes.ts';
import { badgeOf } from './signs.ts';

/** More signs than this would hide the boxes they stand on. */
const SIGNS_AT_ONCE = 600;
const SIGN_PIXELS = 15;
/** A box must be this high, in pixels of the screen, to carry a sign; and this high, in pixels of the canvas, to show an inside. */
const SIGN_ROOM = 7;
const INSIDE_ROOM = 4;

/**
 * Boxes too small for a name: their states by colour and by pattern, on whole pixels, one colour after the other: that is what makes
 * thousands quick to draw.
 */
export function paintMarks(
  context: CanvasRenderingContext2D,
  visible: readonly number[],
  { x, y, box }: Arrangement,
  faces: readonly Face[],
  { camera, pixelRatio, palette, emphasis }: Looking,
): void {
  const unit = camera.scale * pixelRatio;
  const width = Math.max(2, Math.round(box.width * unit));
  const height = Math.max(1, Math.round(box.height * unit));
  const left = (at: number) => Math.round(((x[at] ?? 0) - camera.x) * unit);
  const top = (at: number) => Math.round(((y[at] ?? 0) - camera.y) * unit);
  const isFar = (at: number) => emphasis.near !== null && emphasis.near[at] !== 1;
  const hasInside = height >= INSIDE_ROOM;
  context.save();
  context.resetTransform();
  for (const [state, isDim, some] of groupsOf(visible, faces, isFar)) {
    context.globalAlpha = isDim ? 0.3 : state === 'up' && !hasInside ? 0.5 : 1;
    context.fillStyle = state === 'up' ? palette.lineStrong : palette.states[state].fill;
    if (!hasInside && state === 'unknown') {
      // Never a plain grey: what is not known is broken in two.
      const half = Math.ceil(width / 3);
      for (const at of some) {
        context.fillRect(left(at), top(at), half, height);
        context.fillRect(left(at) + width - half, top(at), half, height);
      }
      continue;
    }
    for (const at of some) context.fillRect(left(at), top(at), width, height);
    if (!hasInside) continue;
    context.fillStyle = palette.surface;
    const border = Math.max(1, Math.round((state === 'up' ? 1 : 1.5) * pixelRatio));
    for (const at of some) paintInside(context, state, left(at), top(at), width, height, border);
  }
  context.globalAlpha = 1;
  context.fillStyle = palette.ink;
  const bar = Math.max(1, Math.min(width / 4, 4 * pixelRatio));
  if (hasInside)
    for (const at of visible) if (faces[at]?.isCare && !isFar(at)) context.fillRect(left(at), top(at), bar, height);
  if (box.height * camera.scale >= SIGN_ROOM) {
    const troubled = visible.filter((at) => faces[at]?.state !== 'up' && !isFar(at)).slice(0, SIGNS_AT_ONCE);
    const size = Math.round(Math.min(box.height * camera.scale, SIGN_PIXELS) * pixelRatio);
    for (const at of troubled) {
      const badge = badgeOf(palette, faces[at]?.state ?? 'unknown', size);
      context.drawImage(badge, left(at) + ((width - size) >> 1), top(at) + ((height - size) >> 1));
    }
  }
  context.restore();
}

function groupsOf(
  visible: readonly number[],
  faces: readonly Face[],
  isFar: (at: number) => boolean,
): [ComponentState, boolean, number[]][] {
  const groups = states.flatMap((state) => [
    [state, true, []] as [ComponentState, boolean, number[]],
    [state, false, []] as [ComponentState, boolean, number[]],
  ]);
  const place = new Map(states.map((state, at) => [state, at * 2]));
  for (const at of visible) {
    const first = place.get(faces[at]?.state ?? 'unknown') ?? 0;
    groups[first + (isFar(at) ? 0 : 1)]?.[2].push(at);
  }
  return groups.filter(([, , some]) => some.length > 0);
}

/** What of a box is left of the ground: the pattern of its state. */
function paintInside(
  context: CanvasRenderingContext2D,
  state: ComponentState,
  x: number,
  y: number,
  width: number,
  height: number,
  border: number,
): void {
  if (state === 'up' || state === 'unknown' || state === 'isolated')
    context.fillRect(x + border, y + border, width - 2 * border, height - 2 * border);
  if (state === 'degraded') context.fillRect(x + border, y + border, width - 2 * border, (height >> 1) - border);
  if (state === 'restoring')
    for (let stripe = x + border; stripe < x + width - 2 * border; stripe += 4 * border)
      context.fillRect(stripe, y + border, 2 * border, height - 2 * border);
}
