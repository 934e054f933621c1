import type { ToArrange } from './arrange.ts';

export interface Columns {
  /** The column of each box. */
  of: Uint32Array;
  /** The layer of each column, from left to right. */
  layer: number[];
}

/** A picture this much wider than high fits most screens. */
const ASPECT = 1.7;
const ROWS_LEAST = 14;
const ROWS_IN_LANE_LEAST = 2;

/** Inside a layer, what is needed stands right of what needs it; a layer with too many rows is folded into several columns. */
export function columnsOf(given: ToArrange): Columns {
  const depth = depthInLayer(given);
  const count = given.layer.length;
  const rows = Math.max(ROWS_LEAST, Math.ceil(Math.sqrt((count * given.box.width) / given.box.height / ASPECT)));
  const perLane = new Map<number, number>();
  for (const lane of given.lane) perLane.set(lane, (perLane.get(lane) ?? 0) + 1);
  const rowsIn = (lane: number) => Math.max(ROWS_IN_LANE_LEAST, Math.ceil((rows * (perLane.get(lane) ?? 0)) / count));
  // How many boxes each lane has at each depth of each layer, and so how many columns that depth takes.
  const key = (at: number) => (given.layer[at] ?? 0) * 4096 + Math.min(4095, depth[at] ?? 0);
  const cells = new Map<number, Map<number, number>>();
  for (let at = 0; at < count; at += 1) {
    const lanes = cells.get(key(at)) ?? new Map<number, number>();
    lanes.set(given.lane[at] ?? 0, (lanes.get(given.lane[at] ?? 0) ?? 0) + 1);
    cells.set(key(at), lanes);
  }
  const first = new Map<number, number>();
  const layer: number[] = [];
  for (const cell of [...cells.keys()].sort((one, other) => one - other)) {
    first.set(cell, layer.length);
    const wide = Math.max(...[...(cells.get(cell) ?? [])].map(([lane, boxes]) => Math.ceil(boxes / rowsIn(lane))));
    for (let column = 0; column < wide; column += 1) layer.push(cell >> 12);
  }
  const filled = new Map<number, number>();
  const of = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) {
    const lane = given.lane[at] ?? 0;
    const cell = key(at);
    const nth = filled.get(cell * 65_536 + lane) ?? 0;
    filled.set(cell * 65_536 + lane, nth + 1);
    const wide = Math.ceil((cells.get(cell)?.get(lane) ?? 1) / rowsIn(lane));
    // Row by row, so that rows of a wide cell stay in order from top to bottom.
    of[at] = (first.get(cell) ?? 0) + (nth % wide);
  }
  return { of, layer };
}

/** The longest way through the links of one's own layer; a ring (things started together) is cut where it is met. */
function depthInLayer({ layer, from, to }: ToArrange): Uint32Array {
  const depth = new Uint32Array(layer.length);
  const waiting = new Uint32Array(layer.length);
  const next: number[][] = [];
  for (let link = 0; link < from.length; link += 1) {
    const [a, b] = [from[link] ?? 0, to[link] ?? 0];
    if (layer[a] !== layer[b]) continue;
    waiting[b] = (waiting[b] ?? 0) + 1;
    const list = next[a];
    if (list === undefined) next[a] = [b];
    else list.push(b);
  }
  const ready: number[] = [];
  waiting.forEach((count, at) => {
    if (count === 0) ready.push(at);
  });
  for (const at of ready) {
    for (const needed of next[at] ?? []) {
      depth[needed] = Math.max(depth[needed] ?? 0, (depth[at] ?? 0) + 1);
      waiting[needed] = (waiting[needed] ?? 1) - 1;
      if (waiting[needed] === 0) ready.push(needed);
    }
  }
  return depth;
}
