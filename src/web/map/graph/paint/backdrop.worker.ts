import type { Area, Camera } from '../camera.ts';
import { type LineColours, type Lines, paintLines } from './lines.ts';

export type ToBackdrop =
  | { kind: 'lines'; lines: Lines }
  | { kind: 'look'; colours: LineColours; near: Uint8Array | null }
  | { kind: 'draw'; area: Area; scale: number; pixelRatio: number };

/** Lines by the thousand are drawn here, so that the page never waits for them. */
let lines: Lines | null = null;
let colours: LineColours | null = null;
let near: Uint8Array | null = null;

addEventListener('message', ({ data }: MessageEvent<ToBackdrop>) => {
  if (data.kind === 'lines') lines = data.lines;
  else if (data.kind === 'look') ({ colours, near } = data);
  else draw(data);
});

function draw({ area, scale, pixelRatio }: Extract<ToBackdrop, { kind: 'draw' }>): void {
  if (lines === null || colours === null) return;
  const width = Math.max(1, Math.ceil(area.width * scale * pixelRatio));
  const height = Math.max(1, Math.ceil(area.height * scale * pixelRatio));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) return;
  const camera: Camera = { x: area.x, y: area.y, scale };
  const unit = scale * pixelRatio;
  context.setTransform(unit, 0, 0, unit, -area.x * unit, -area.y * unit);
  paintLines(context, lines, camera, area, colours, near);
  const bitmap = canvas.transferToImageBitmap();
  postMessage({ bitmap, area, scale }, { transfer: [bitmap] });
}
