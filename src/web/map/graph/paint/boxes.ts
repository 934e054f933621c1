import type { ComponentState } from '../../../../map/model.ts';
import type { Camera, Size } from '../camera.ts';
import type { Arrangement } from '../layout/arrange.ts';
import { paintMarks } from './marks.ts';
import type { NameLines } from './NameLines.ts';
import type { Palette } from './palette.ts';
import { paintSign } from './signs.ts';

/** What a box shows. Texts are as people read them. */
export interface Face {
  name: string;
  state: ComponentState;
  isCare: boolean;
  /** Of a folded pile: how many are in each state. */
  counts: readonly { state: ComponentState; count: number }[] | null;
  /** Taken down in a what-if. */
  isStopped: boolean;
  /** `1/2`: of what it needs, one of two is enough. */
  alternative: string | null;
}

/** What of the picture stands out; null: nothing is chosen, everything counts. */
export interface Emphasis {
  chosen: number | null;
  cursor: number | null;
  near: Uint8Array | null;
}

/** Names are drawn from this scale on: below, they cannot be read. */
export const LEGIBLE = 0.5;

export interface Looking {
  camera: Camera;
  view: Size;
  /** Pixels of the canvas to one of the screen. */
  pixelRatio: number;
  palette: Palette;
  emphasis: Emphasis;
}

/** Draws what of the boxes is on the screen; returns how many are. */
export function paintBoxes(
  context: CanvasRenderingContext2D,
  arrangement: Arrangement,
  faces: readonly Face[],
  names: NameLines,
  looking: Looking,
): number {
  const { camera, view, palette, emphasis } = looking;
  const visible = boxesIn(arrangement, camera, view);
  const { x, y, box } = arrangement;
  const placeOf = (at: number): Place => ({ x: x[at] ?? 0, y: y[at] ?? 0, ...box });
  if (camera.scale < LEGIBLE) paintMarks(context, visible, arrangement, faces, looking);
  else {
    for (const at of visible) {
      const face = faces[at];
      if (face === undefined) continue;
      paintBox(context, placeOf(at), face, names, palette, emphasis.near !== null && emphasis.near[at] !== 1);
    }
  }
  for (const at of visible) if (faces[at]?.isStopped) paintStopped(context, placeOf(at), palette, camera.scale);
  if (emphasis.chosen !== null) paintFrame(context, placeOf(emphasis.chosen), palette.focus, camera.scale, false);
  if (emphasis.cursor !== null) paintFrame(context, placeOf(emphasis.cursor), palette.ink, camera.scale, true);
  return visible.length;
}

function boxesIn({ x, y, box }: Arrangement, camera: Camera, view: Size): number[] {
  const [right, bottom] = [camera.x + view.width / camera.scale, camera.y + view.height / camera.scale];
  const visible: number[] = [];
  for (let at = 0; at < x.length; at += 1) {
    const [left, top] = [x[at] ?? 0, y[at] ?? 0];
    if (left < right && top < bottom && left + box.width > camera.x && top + box.height > camera.y) visible.push(at);
  }
  return visible;
}

/** Around what is chosen, or dashed around what the keys have come to. */
function paintFrame(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Place,
  colour: string,
  scale: number,
  isDashed: boolean,
): void {
  const unit = Math.max(1, 1 / scale);
  context.strokeStyle = colour;
  context.lineWidth = 3 * unit;
  context.setLineDash(isDashed ? [6 * unit, 4 * unit] : []);
  outline(context, { x: x - 4 * unit, y: y - 4 * unit, width: width + 8 * unit, height: height + 8 * unit }, 7 * unit);
  context.stroke();
  context.setLineDash([]);
}

type Place = { x: number; y: number; width: number; height: number };

function paintBox(
  context: CanvasRenderingContext2D,
  place: Place,
  face: Face,
  names: NameLines,
  palette: Palette,
  isFar: boolean,
): void {
  const { rem } = palette;
  const look = palette.states[face.state];
  const { x, y, width, height } = place;
  const isAlarming = face.state !== 'up' && !isFar;
  if (face.counts !== null) {
    // The sheets below the first one.
    for (const shift of [0.42, 0.21]) {
      outline(context, { x: x + shift * rem, y: y - shift * rem * 0.8, width, height }, rem * 0.3);
      context.fillStyle = palette.surface;
      context.fill();
      context.strokeStyle = isFar ? palette.line : palette.lineStrong;
      context.lineWidth = 1;
      context.stroke();
    }
  }
  outline(context, place, rem * 0.3);
  context.fillStyle = isFar ? palette.ground : face.state === 'down' ? palette.gapSoft : palette.surface;
  context.fill();
  if (face.state === 'restoring' && !isFar) paintStripes(context, place, look.fill);
  context.strokeStyle = isAlarming ? look.fill : isFar ? palette.line : palette.lineStrong;
  context.lineWidth = isAlarming ? 2 : 1;
  context.setLineDash(face.state === 'unknown' ? [4, 3] : []);
  outline(context, place, rem * 0.3);
  context.stroke();
  context.setLineDash([]);
  if (face.state === 'isolated' && !isFar) {
    outline(context, { x: x + 3.5, y: y + 3.5, width: width - 7, height: height - 7 }, rem * 0.2);
    context.stroke();
  }
  if (face.isCare) {
    context.fillStyle = isFar ? palette.inkFaint : palette.ink;
    context.fillRect(x, y + 1, 4, height - 2);
  }
  const sign = rem * 1.1;
  context.globalAlpha = isFar ? 0.4 : 1;
  paintSign(context, look, x + rem * 0.95, y + height / 2, sign);
  context.globalAlpha = 1;
  context.fillStyle = isFar ? palette.inkFaint : palette.ink;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.font = names.font;
  const lines = face.counts === null ? names.of(face.name) : [names.withNumber(face.name, sumOf(face.counts))];
  const below = face.counts === null ? 0 : 1;
  const step = rem * 1.02;
  const first = y + height / 2 - ((lines.length + below - 1) * step) / 2;
  for (const [i, line] of lines.entries()) context.fillText(line, x + rem * 1.75, first + i * step);
  if (face.alternative !== null) paintAlternative(context, face.alternative, x + width, y + height / 2, palette, isFar);
  if (face.counts !== null)
    paintCounts(context, face.counts, x + rem * 1.75, first + lines.length * step, palette, isFar);
}

/** Where several lines leave of which some are enough. */
function paintAlternative(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  palette: Palette,
  isFar: boolean,
): void {
  const { rem } = palette;
  context.font = `650 ${rem * 0.6875}px ${palette.font}`;
  const width = context.measureText(text).width + rem * 0.5;
  context.beginPath();
  context.roundRect(x - width / 2, y - rem * 0.5, width, rem, rem * 0.5);
  context.fillStyle = palette.surface;
  context.fill();
  context.strokeStyle = isFar ? palette.line : palette.lineStrong;
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = isFar ? palette.inkFaint : palette.ink;
  context.textAlign = 'center';
  context.fillText(text, x, y);
  context.textAlign = 'left';
}

/** How many are not well, each with its sign: colour alone tells nothing. */
function paintCounts(
  context: CanvasRenderingContext2D,
  counts: NonNullable<Face['counts']>,
  x: number,
  y: number,
  palette: Palette,
  isFar: boolean,
): void {
  const { rem } = palette;
  context.font = `600 ${rem * 0.8125}px ${palette.font}`;
  let left = x;
  context.globalAlpha = isFar ? 0.5 : 1;
  for (const { state, count } of counts.slice(0, 4)) {
    const look = palette.states[state];
    paintSign(context, look, left + rem * 0.4, y, rem * 0.8);
    context.fillStyle = look.ink;
    const text = String(count);
    context.fillText(text, left + rem * 0.95, y);
    left += rem * 1.35 + context.measureText(text).width;
  }
  context.globalAlpha = 1;
}

/** The mark of a what-if: a frame and a crossed corner, so that it is never taken for a failure that was seen. */
function paintStopped(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Place,
  palette: Palette,
  scale: number,
): void {
  const unit = Math.max(1, 1 / scale);
  context.strokeStyle = palette.ink;
  context.lineWidth = 3 * unit;
  context.beginPath();
  context.roundRect(x - 2 * unit, y - 2 * unit, width + 4 * unit, height + 4 * unit, 6 * unit);
  context.stroke();
  const [middle, top, reach] = [x + width, y, Math.min(height / 4, 8 * unit)];
  context.fillStyle = palette.ink;
  context.fillRect(middle - reach, top - reach, 2 * reach, 2 * reach);
  context.strokeStyle = palette.surface;
  context.lineWidth = reach / 3.5;
  const arm = reach * 0.5;
  context.beginPath();
  context.moveTo(middle - arm, top - arm);
  context.lineTo(middle + arm, top + arm);
  context.moveTo(middle + arm, top - arm);
  context.lineTo(middle - arm, top + arm);
  context.stroke();
}

function outline(context: CanvasRenderingContext2D, { x, y, width, height }: Place, radius: number): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
}

function paintStripes(context: CanvasRenderingContext2D, place: Place, colour: string): void {
  context.save();
  context.clip();
  context.globalAlpha = 0.16;
  context.fillStyle = colour;
  for (let left = 0; left < place.width; left += 9) context.fillRect(place.x + left, place.y, 3, place.height);
  context.restore();
}

const sumOf = (counts: NonNullable<Face['counts']>): number => counts.reduce((sum, { count }) => sum + count, 0);
