import type { Arrangement, Band, ToArrange } from './arrange.ts';
import type { Columns } from './columns.ts';
import type { Placed } from './place.ts';

/** Of the width of a box: the room between two columns, where lines bend; more where more of them do. */
const ROOM = 0.24;
const ROOM_PER_LINE = 0.004;
const ROOM_MAX = 0.55;
const BAND_ROOM = 0.1;

/** Draws the lines between boxes that stand, and gives columns their places. */
export function route(given: ToArrange, columns: Columns, placed: Placed): Arrangement {
  const boxes = given.layer.length;
  const { width, height } = given.box;
  const left = leftOf(given, columns, placed);
  const xOf = (at: number) => left[placed.column[at] ?? 0] ?? 0;
  const pieces: number[] = [];
  const known = new Map<string, number>();
  const linkStart = new Uint32Array(given.from.length + 1);
  const linkPieces: number[] = [];
  const draw = (key: string, x0: number, y0: number, x1: number, y1: number) => {
    let piece = known.get(key);
    if (piece === undefined) {
      piece = pieces.length / 4;
      known.set(key, piece);
      pieces.push(x0, y0, x1, y1);
    }
    linkPieces.push(piece);
  };
  for (let link = 0; link < given.from.length; link += 1) {
    const [from, to] = [given.from[link] ?? 0, given.to[link] ?? 0];
    linkStart[link] = linkPieces.length;
    const way = [from, ...(placed.through[link] ?? []), to];
    const isBack = (placed.column[from] ?? 0) >= (placed.column[to] ?? 0);
    for (let i = 1; i < way.length; i += 1) {
      const [one, other] = [way[i - 1] ?? 0, way[i] ?? 0];
      // Out of the right side, into the left one; a line back leaves where it stands nearest.
      const x0 = xOf(one) + (isBack ? 0 : width);
      const x1 = xOf(other) + (isBack ? width : 0);
      draw(`${one}>${other}`, x0, placed.y[one] ?? 0, x1, placed.y[other] ?? 0);
      if (other >= boxes) draw(`${other}`, x1, placed.y[other] ?? 0, x1 + width, placed.y[other] ?? 0);
    }
  }
  linkStart[given.from.length] = linkPieces.length;
  return {
    x: Float32Array.from({ length: boxes }, (_, at) => xOf(at)),
    y: Float32Array.from({ length: boxes }, (_, at) => (placed.y[at] ?? 0) - height / 2),
    box: given.box,
    width: (left.at(-1) ?? 0) + width,
    height: placed.height,
    bands: bandsOf(columns, left, width),
    lanes: placed.lanes,
    pieces: Float32Array.from(pieces),
    linkStart,
    linkPieces: Uint32Array.from(linkPieces),
  };
}

function leftOf(given: ToArrange, columns: Columns, placed: Placed): number[] {
  const { width } = given.box;
  // Lines that bend before each column.
  const bending = new Set<string>();
  given.from.forEach((from, link) => {
    const way = [from, ...(placed.through[link] ?? []), given.to[link] ?? 0];
    for (let i = 1; i < way.length; i += 1) bending.add(`${placed.column[way[i] ?? 0]} ${way[i - 1]} ${way[i]}`);
  });
  const lines: number[] = [];
  for (const bend of bending) {
    const column = Number.parseInt(bend, 10);
    lines[column] = (lines[column] ?? 0) + 1;
  }
  let x = 0;
  return columns.layer.map((layer, column) => {
    if (column > 0) {
      const isNewBand = layer !== columns.layer[column - 1];
      const room = Math.min(ROOM_MAX, ROOM + ROOM_PER_LINE * (lines[column] ?? 0)) + (isNewBand ? BAND_ROOM : 0);
      x += width * (1 + room);
    }
    return x;
  });
}

function bandsOf(columns: Columns, left: readonly number[], width: number): Band[] {
  const bands: Band[] = [];
  columns.layer.forEach((layer, column) => {
    const start = left[column] ?? 0;
    const last = bands.at(-1);
    if (last?.layer === layer) last.right = start + width;
    else bands.push({ layer, left: start, right: start + width });
  });
  return bands;
}
