import { type Area, type Camera, type Size, seen } from '../camera.ts';
import type { ToBackdrop } from './backdrop.worker.ts';
import { type LineColours, type Lines, paintLines, piecesIn } from './lines.ts';

/** So many pieces of lines are drawn at each frame; more of them come from a worker's bitmap, a moment later. */
const DRAWN_AT_ONCE = 700;
/** A bitmap reaches this far beyond the screen, in screens, so that panning does not run out of it at once. */
const BEYOND = 0.35;
/** A bitmap is drawn anew when the zoom is this far from its own. */
const STRETCH_MAX = 1.25;
const COARSE_PIXELS = 1200;

interface Bitmap {
  bitmap: ImageBitmap;
  area: Area;
  scale: number;
}

/** The lines behind the boxes: a few are drawn directly, thousands as a bitmap that is stretched while a sharper one is on its way. */
export class Backdrop {
  readonly #onDrawn: () => void;
  #worker: Worker | null = null;
  #lines: Lines | null = null;
  #colours: LineColours | null = null;
  #near: Uint8Array | null = null;
  #sharp: Bitmap | null = null;
  /** All of it: there is always something to show. */
  #coarse: Bitmap | null = null;
  #asked: 'sharp' | 'coarse' | null = null;
  #isStale = false;
  #extent: Area = { x: 0, y: 0, width: 1, height: 1 };

  constructor(onDrawn: () => void) {
    this.#onDrawn = onDrawn;
  }

  show(lines: Lines, extent: Area): void {
    this.#lines = lines;
    this.#extent = extent;
    this.#forget();
    this.#worker?.terminate();
    this.#worker = null;
    this.#asked = null;
  }

  look(colours: LineColours, near: Uint8Array | null): void {
    this.#colours = colours;
    this.#near = near;
    this.#isStale = true;
    this.#coarse?.bitmap.close();
    this.#coarse = null;
    this.#post({ kind: 'look', colours, near });
  }

  paint(context: CanvasRenderingContext2D, camera: Camera, view: Size, pixelRatio: number): void {
    if (this.#lines === null || this.#colours === null) return;
    const area = seen(camera, view);
    if (piecesIn(this.#lines, area).length <= DRAWN_AT_ONCE) {
      paintLines(context, this.#lines, camera, area, this.#colours, this.#near);
      return;
    }
    const [sharp, coarse] = [this.#sharp, this.#coarse];
    if (coarse !== null && (sharp === null || !covers(sharp.area, area, this.#extent))) {
      context.save();
      if (sharp !== null) leaveOut(context, area, sharp.area);
      context.drawImage(coarse.bitmap, coarse.area.x, coarse.area.y, coarse.area.width, coarse.area.height);
      context.restore();
    }
    // At its own scale a bitmap is copied, not filtered: half a pixel beside is not seen.
    context.imageSmoothingEnabled = sharp?.scale !== camera.scale;
    if (sharp !== null)
      context.drawImage(sharp.bitmap, sharp.area.x, sharp.area.y, sharp.area.width, sharp.area.height);
    this.#ask(camera, area, pixelRatio);
  }

  close(): void {
    this.#worker?.terminate();
    this.#forget();
  }

  #forget(): void {
    this.#sharp?.bitmap.close();
    this.#coarse?.bitmap.close();
    this.#sharp = null;
    this.#coarse = null;
  }

  #ask(camera: Camera, area: Area, pixelRatio: number): void {
    if (this.#asked !== null) return;
    const sharp = this.#sharp;
    const stretch = sharp === null ? Number.POSITIVE_INFINITY : camera.scale / sharp.scale;
    const isSharp = stretch < STRETCH_MAX && stretch > 1 / STRETCH_MAX;
    if (!this.#isStale && isSharp && sharp !== null && covers(sharp.area, area, this.#extent)) {
      if (this.#coarse === null) this.#draw('coarse', this.#extent, COARSE_PIXELS / this.#extent.width, 1);
      return;
    }
    this.#isStale = false;
    this.#draw('sharp', grown(area, BEYOND), camera.scale, pixelRatio);
  }

  #draw(asked: 'sharp' | 'coarse', area: Area, scale: number, pixelRatio: number): void {
    this.#asked = asked;
    this.#post({ kind: 'draw', area, scale, pixelRatio });
  }

  #post(message: ToBackdrop): void {
    if (this.#worker === null) {
      if (message.kind !== 'draw' || this.#lines === null || this.#colours === null) return;
      const worker = new Worker(new URL('./backdrop.worker.ts', import.meta.url), { type: 'module' });
      worker.addEventListener('message', ({ data }: MessageEvent<Bitmap>) => this.#receive(data));
      this.#worker = worker;
      worker.postMessage({ kind: 'lines', lines: this.#lines } satisfies ToBackdrop);
      worker.postMessage({ kind: 'look', colours: this.#colours, near: this.#near } satisfies ToBackdrop);
    }
    this.#worker.postMessage(message);
  }

  #receive(drawn: Bitmap): void {
    if (this.#asked === 'coarse') this.#coarse = drawn;
    else {
      this.#sharp?.bitmap.close();
      this.#sharp = drawn;
    }
    this.#asked = null;
    this.#onDrawn();
  }
}

/** Nothing of `hole` is drawn upon: what stands there is sharper. */
function leaveOut(context: CanvasRenderingContext2D, area: Area, hole: Area): void {
  const clip = new Path2D();
  clip.rect(area.x, area.y, area.width, area.height);
  clip.rect(hole.x, hole.y, hole.width, hole.height);
  context.clip(clip, 'evenodd');
}

const grown = ({ x, y, width, height }: Area, part: number): Area => ({
  x: x - width * part,
  y: y - height * part,
  width: width * (1 + 2 * part),
  height: height * (1 + 2 * part),
});

/** Whether a bitmap has all that is seen of the picture. */
function covers(has: Area, area: Area, extent: Area): boolean {
  const left = Math.max(area.x, extent.x);
  const top = Math.max(area.y, extent.y);
  const right = Math.min(area.x + area.width, extent.x + extent.width);
  const bottom = Math.min(area.y + area.height, extent.y + extent.height);
  return has.x <= left && has.y <= top && has.x + has.width >= right && has.y + has.height >= bottom;
}
