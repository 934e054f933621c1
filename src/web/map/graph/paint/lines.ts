import type { Area, Camera } from '../camera.ts';

/** Lines as they are drawn: pieces with a look each, so that a worker can draw them as well as the page. */
export interface Lines {
  /** x and y of both ends of each piece. */
  pieces: Float32Array;
  /** 0 confirmed, 1 unconfirmed, 2 only proposed. */
  look: Uint8Array;
}

export interface LineColours {
  line: string;
  near: string;
  proposed: string;
}

/** Below this scale a dash is smaller than a pixel, and lines lie so close that only where they gather is of interest: they are faint. */
const DASHES_SCALE = 0.22;
/** Above this length a path is slower to draw than several. */
const PIECES_PER_PATH = 200;

const dashes: readonly (readonly number[])[] = [[], [11, 4], [1.5, 4.5]];

/**
 * Draws what of the lines touches `area`, `near` ones over the others. `near`: pieces on the path of what is chosen;
 * null: nothing is.
 */
export function paintLines(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  lines: Lines,
  camera: Camera,
  area: Area,
  colours: LineColours,
  near: Uint8Array | null,
): void {
  const touching = piecesIn(lines, area);
  const unit = 1 / camera.scale;
  const isFar = camera.scale < DASHES_SCALE;
  context.lineCap = 'round';
  for (const isNear of near === null ? [false] : [false, true]) {
    for (const look of [0, 1, 2]) {
      const drawn = touching.filter(
        (piece) => lines.look[piece] === look && (near !== null && near[piece] === 1) === isNear,
      );
      if (drawn.length === 0) continue;
      context.setLineDash(isFar ? [] : (dashes[look] ?? []).map((length) => length * Math.max(1, unit * 0.75)));
      context.strokeStyle = isNear ? colours.near : look === 2 ? colours.proposed : colours.line;
      const faint = isFar ? 0.14 + camera.scale : 1;
      context.globalAlpha = isNear ? 1 : near !== null ? Math.min(0.22, faint) : faint;
      context.lineWidth = isNear ? Math.max(2.25, 2 * unit) : Math.max(1.25, unit * (isFar ? 0.7 : 1));
      for (let start = 0; start < drawn.length; start += PIECES_PER_PATH) {
        context.beginPath();
        for (const piece of drawn.slice(start, start + PIECES_PER_PATH)) trace(context, lines.pieces, piece);
        context.stroke();
      }
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function trace(context: CanvasPath, pieces: Float32Array, piece: number): void {
  const x0 = pieces[piece * 4] ?? 0;
  const y0 = pieces[piece * 4 + 1] ?? 0;
  const x1 = pieces[piece * 4 + 2] ?? 0;
  const y1 = pieces[piece * 4 + 3] ?? 0;
  context.moveTo(x0, y0);
  const middle = (x0 + x1) / 2;
  if (Math.abs(y0 - y1) < 0.5) context.lineTo(x1, y1);
  else context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
}

export function piecesIn({ pieces }: Lines, area: Area): number[] {
  const found: number[] = [];
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  for (let piece = 0, at = 0; at < pieces.length; piece += 1, at += 4) {
    const x0 = pieces[at] ?? 0;
    const y0 = pieces[at + 1] ?? 0;
    const x1 = pieces[at + 2] ?? 0;
    const y1 = pieces[at + 3] ?? 0;
    if ((x0 < area.x && x1 < area.x) || (x0 > right && x1 > right)) continue;
    if ((y0 < area.y && y1 < area.y) || (y0 > bottom && y1 > bottom)) continue;
    found.push(piece);
  }
  return found;
}
