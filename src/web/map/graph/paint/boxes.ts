import type { ComponentState } from '../../../../map/model.ts';
import type { Camera, Size } from '../camera.ts';
import type { Arrangement } from '../layout/arrange.ts';
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
const SIGNS_AT_ONCE = 600;

/** Draws what of the boxes is on the screen; returns how many are. */
export function paintBoxes(
  context: CanvasRenderingContext2D,
  arrangement: Arrangement,
  faces: readonly Face[],
  names: NameLines,
  { camera, view, palette, emphasis }: { camera: Camera; view: Size; palette: Palette; emphasis: Emphasis },
): number {
  const { x, y, box } = arrangement;
  const [right, bottom] = [camera.x + view.width / camera.scale, camera.y + view.height / camera.scale];
  const visible: number[] = [];
  for (let at = 0; at < faces.length; at += 1) {
    const [left, top] = [x[at] ?? 0, y[at] ?? 0];
    if (left < right && top < bottom && left + box.width > camera.x && top + box.height > camera.y) visible.push(at);
  }
  const isLegible = camera.scale >= LEGIBLE;
  let signs = 0;
  for (const at of visible) {
    const face = faces[at];
    if (face === undefined) continue;
    const isFar = emphasis.near !== null && emphasis.near[at] !== 1;
    const place = { x: x[at] ?? 0, y: y[at] ?? 0, ...box };
    if (isLegible) paintBox(context, place, face, names, palette, isFar);
    else {
      paintMark(context, place, face, palette, isFar, camera.scale);
      if (face.state !== 'up' && !isFar && signs < SIGNS_AT_ONCE && box.height * camera.scale >= 7) {
        signs += 1;
        const size = Math.min(box.height * 0.8, 15 / camera.scale);
        paintSign(
          context,
          palette.states[face.state],
          place.x + place.width / 2,
          place.y + place.height / 2,
          size,
          true,
        );
      }
    }
    if (face.isStopped) paintStopped(context, place, palette, camera.scale);
  }
  for (const [at, colour] of [
    [emphasis.chosen, palette.focus],
    [emphasis.cursor, palette.ink],
  ] as const) {
    if (at === null) continue;
    const unit = Math.max(1, 1 / camera.scale);
    context.strokeStyle = colour;
    context.lineWidth = 3 * unit;
    context.setLineDash(colour === palette.ink ? [6 * unit, 4 * unit] : []);
    context.beginPath();
    context.roundRect(
      (x[at] ?? 0) - 4 * unit,
      (y[at] ?? 0) - 4 * unit,
      box.width + 8 * unit,
      box.height + 8 * unit,
      7 * unit,
    );
    context.stroke();
    context.setLineDash([]);
  }
  return visible.length;
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
  paintSign(context, look, x + rem * 0.95, y + height / 2, sign, false);
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
    paintSign(context, look, left + rem * 0.4, y, rem * 0.8, false);
    context.fillStyle = look.ink;
    const text = String(count);
    context.fillText(text, left + rem * 0.95, y);
    left += rem * 1.35 + context.measureText(text).width;
  }
  context.globalAlpha = 1;
}

/** A box too small for a name: its state by colour and by pattern. */
function paintMark(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Place,
  { state, isCare, counts }: Face,
  palette: Palette,
  isFar: boolean,
  scale: number,
): void {
  const look = palette.states[state];
  const border = Math.min(height / 4, (state === 'up' ? 1 : 1.5) / scale);
  context.globalAlpha = isFar ? 0.3 : 1;
  context.fillStyle = state === 'up' ? palette.lineStrong : look.fill;
  context.fillRect(x, y, width, height);
  const inside = (left: number, top: number, right: number, bottom: number) =>
    context.fillRect(x + left, y + top, width - left - right, height - top - bottom);
  context.fillStyle = palette.surface;
  if (state === 'up' || state === 'unknown' || state === 'isolated') inside(border, border, border, border);
  else if (state === 'degraded') inside(border, border, border, height / 2);
  else if (state === 'restoring')
    for (let i = 0.5; i < 4; i += 1) context.fillRect(x + (i * width) / 4, y + border, width / 9, height - 2 * border);
  if (isCare && state === 'up') {
    context.fillStyle = palette.ink;
    context.fillRect(x, y, Math.min(width / 4, 4 / scale), height);
  }
  if (counts !== null) {
    context.fillStyle = palette.lineStrong;
    context.fillRect(x + width * 0.08, y - height * 0.16, width, height * 0.08);
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

/** Names broken over two lines of a box, measured once. */
export class NameLines {
  readonly font: string;
  readonly #context: CanvasRenderingContext2D;
  readonly #width: number;
  readonly #known = new Map<string, readonly string[]>();

  constructor(context: CanvasRenderingContext2D, palette: Palette, boxWidth: number) {
    this.font = `600 ${palette.rem * 0.875}px ${palette.font}`;
    this.#context = context;
    this.#width = boxWidth - palette.rem * 2.25;
  }

  of(name: string): readonly string[] {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#context.font = this.font;
    const lines = this.#broken(name);
    this.#known.set(name, lines);
    return lines;
  }

  /** On one line, the number always in sight. */
  withNumber(name: string, number: number): string {
    const key = `${name} ${number}`;
    const known = this.#known.get(key)?.[0];
    if (known !== undefined) return known;
    this.#context.font = this.font;
    const line = this.#cut(name, ` · ${number}`);
    this.#known.set(key, [line]);
    return line;
  }

  #fits = (text: string): boolean => this.#context.measureText(text).width <= this.#width;

  #broken(name: string): string[] {
    if (this.#fits(name)) return [name];
    const words = name.split(/(?<=[ \-/._])/u);
    let first = '';
    while (words.length > 0 && this.#fits((first + words[0]).trimEnd())) first += words.shift();
    if (first === '') return [this.#cut(name)];
    const rest = words.join('');
    return rest === '' ? [first.trimEnd()] : [first.trimEnd(), this.#cut(rest)];
  }

  #cut(text: string, after = ''): string {
    if (this.#fits(text + after)) return text + after;
    let end = text.length;
    while (end > 1 && !this.#fits(`${text.slice(0, end)}…${after}`)) end -= 1;
    return `${text.slice(0, end).trimEnd()}…${after}`;
  }
}

const sumOf = (counts: NonNullable<Face['counts']>): number => counts.reduce((sum, { count }) => sum + count, 0);
