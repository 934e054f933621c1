import { between, type Camera, centredOn, fitted, type Size } from '../camera.ts';
import type { Arrangement } from '../layout/arrange.ts';
import { Backdrop } from './Backdrop.ts';
import { type Emphasis, type Face, paintBoxes } from './boxes.ts';
import type { Lines } from './lines.ts';
import { NameLines } from './NameLines.ts';
import type { Palette } from './palette.ts';

export interface Scene {
  arrangement: Arrangement;
  lines: Lines;
  faces: readonly Face[];
  /** What each lane is called; null: lanes are not told apart. */
  laneNames: readonly string[] | null;
}

const FLIGHT_MILLISECONDS = 350;
const MARGIN = 24;
/** Names are easily read at this scale: what one flies to is shown so. */
const READING_SCALE = 0.7;

/** The canvas: holds where one looks, and draws when something changed. */
export class Picture {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #backdrop: Backdrop;
  readonly #onCamera: (camera: Camera) => void;
  #scene: Scene | null = null;
  #palette: Palette | null = null;
  #names: NameLines | null = null;
  #emphasis: Emphasis = { chosen: null, cursor: null, near: null };
  #view: Size = { width: 0, height: 0 };
  #pixelRatio = 1;
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #frame = 0;
  #flight: { from: Camera; to: Camera; begun: number } | null = null;
  /** How many boxes the last frame drew. */
  drawn = 0;

  constructor(canvas: HTMLCanvasElement, onCamera: (camera: Camera) => void) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser draws no canvas');
    this.#canvas = canvas;
    this.#context = context;
    this.#onCamera = onCamera;
    this.#backdrop = new Backdrop(() => this.#paintSoon());
  }

  get camera(): Camera {
    return this.#camera;
  }
  get view(): Size {
    return this.#view;
  }

  dress(palette: Palette): void {
    this.#palette = palette;
    this.#names = null;
    this.#lookOfLines(null);
    this.#paintSoon();
  }

  show(scene: Scene): void {
    const isOther = this.#scene?.lines !== scene.lines;
    this.#scene = scene;
    if (isOther) {
      const { width, height } = scene.arrangement;
      this.#names = null;
      this.#backdrop.show(scene.lines, { x: 0, y: 0, width, height });
    }
    this.#paintSoon();
  }

  /** `nearPieces`: pieces of lines on the path of what is chosen. */
  emphasise(emphasis: Emphasis, nearPieces: Uint8Array | null): void {
    this.#emphasis = emphasis;
    this.#lookOfLines(nearPieces);
    this.#paintSoon();
  }

  resize(view: Size, pixelRatio: number): void {
    this.#view = view;
    this.#pixelRatio = pixelRatio;
    this.#canvas.width = Math.round(view.width * pixelRatio);
    this.#canvas.height = Math.round(view.height * pixelRatio);
    this.#paintSoon();
  }

  look(camera: Camera): void {
    this.#flight = null;
    this.#turn(camera);
  }

  flyTo(camera: Camera): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.look(camera);
    else {
      this.#flight = { from: this.#camera, to: camera, begun: performance.now() };
      this.#paintSoon();
    }
  }

  whole(): Camera {
    const { width, height } = this.#scene?.arrangement ?? { width: 1, height: 1 };
    return fitted({ x: 0, y: 0, width, height }, this.#view, MARGIN);
  }

  /** The box in the middle, its name legible. */
  around(box: number, scale = Math.max(this.#camera.scale, READING_SCALE)): Camera {
    const arrangement = this.#scene?.arrangement;
    if (arrangement === undefined) return this.#camera;
    const { x, y, box: size } = arrangement;
    return centredOn({ x: (x[box] ?? 0) + size.width / 2, y: (y[box] ?? 0) + size.height / 2 }, this.#view, scale);
  }

  /** The box at a point of the screen. */
  boxAt(at: { x: number; y: number }): number | null {
    const arrangement = this.#scene?.arrangement;
    if (arrangement === undefined) return null;
    const point = { x: this.#camera.x + at.x / this.#camera.scale, y: this.#camera.y + at.y / this.#camera.scale };
    const { x, y, box } = arrangement;
    // A finger is forgiven a few pixels where boxes are small.
    const slack = Math.max(0, 6 / this.#camera.scale - box.height / 2);
    for (let i = x.length - 1; i >= 0; i -= 1) {
      const [left, top] = [x[i] ?? 0, y[i] ?? 0];
      if (point.x < left - slack || point.x > left + box.width + slack) continue;
      if (point.y >= top - slack && point.y <= top + box.height + slack) return i;
    }
    return null;
  }

  /** Draws all of it on a sheet, in ink. Returns how to go back to the screen. */
  print(palette: Palette, size: Size): () => void {
    const [kept, camera, view, ratio] = [this.#palette, this.#camera, this.#view, this.#pixelRatio];
    this.resize(size, 2);
    if (kept !== null) this.dress(palette);
    this.#camera = this.whole();
    this.#paint();
    return () => {
      this.#camera = camera;
      if (kept !== null) this.dress(kept);
      this.resize(view, ratio);
    };
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#backdrop.close();
  }

  #turn(camera: Camera): void {
    this.#camera = camera;
    this.#onCamera(camera);
    this.#paintSoon();
  }

  #lookOfLines(near: Uint8Array | null): void {
    const palette = this.#palette;
    if (palette === null) return;
    this.#backdrop.look({ line: palette.lineStrong, near: palette.ink, proposed: palette.accent }, near);
  }

  #paintSoon(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#fly();
      this.#paint();
    });
  }

  #fly(): void {
    if (this.#flight === null) return;
    const { from, to, begun } = this.#flight;
    const part = Math.min(1, (performance.now() - begun) / FLIGHT_MILLISECONDS);
    if (part === 1) this.#flight = null;
    this.#turn(part === 1 ? to : between(from, to, this.#view, part));
  }

  #paint(): void {
    const [scene, palette, context] = [this.#scene, this.#palette, this.#context];
    if (scene === null || palette === null || this.#view.width === 0) return;
    const camera = this.#camera;
    const { arrangement, faces } = scene;
    context.setTransform(this.#pixelRatio, 0, 0, this.#pixelRatio, 0, 0);
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, this.#view.width, this.#view.height);
    const unit = camera.scale * this.#pixelRatio;
    context.setTransform(unit, 0, 0, unit, -camera.x * unit, -camera.y * unit);
    if (scene.laneNames !== null) this.#paintLanes(scene, scene.laneNames, palette);
    this.#backdrop.paint(context, camera, this.#view, this.#pixelRatio);
    this.#names ??= new NameLines(context, palette, arrangement.box.width);
    this.drawn = paintBoxes(context, arrangement, faces, this.#names, {
      camera,
      view: this.#view,
      pixelRatio: this.#pixelRatio,
      palette,
      emphasis: this.#emphasis,
    });
  }

  /** Sites, one above the other; their names stay at the left edge. */
  #paintLanes({ arrangement }: Scene, laneNames: readonly string[], palette: Palette): void {
    const context = this.#context;
    const { camera } = this;
    const room = arrangement.box.height * 0.9;
    const left = Math.max(camera.x, -arrangement.box.width / 2);
    const size = Math.min(room * 0.55, Math.max(palette.rem * 0.875, (palette.rem * 0.75) / camera.scale));
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.font = `650 ${size}px ${palette.font}`;
    arrangement.lanes.forEach(({ top, bottom }, lane) => {
      if (bottom <= top || bottom < camera.y || top - room > camera.y + this.#view.height / camera.scale) return;
      context.fillStyle = palette.line;
      context.fillRect(left, top - room, this.#view.width / camera.scale, 1 / camera.scale);
      context.fillStyle = palette.inkSoft;
      context.fillText(laneNames[lane] ?? '', left + 8 / camera.scale, top - room / 2);
    });
  }
}
