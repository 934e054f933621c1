import { columnsOf } from './columns.ts';
import { orderAndPlace } from './place.ts';
import { route } from './route.ts';

/** What is to be placed: plain arrays, so that it crosses to a worker at once. Lanes and layers are numbered in their order. */
export interface ToArrange {
  layer: Uint8Array;
  lane: Uint16Array;
  /** Links by the places of their boxes: `from[i]` needs `to[i]`. */
  from: Uint32Array;
  to: Uint32Array;
  box: { width: number; height: number };
}

export interface Band {
  layer: number;
  left: number;
  right: number;
}

/** Positions in pixels at scale 1. Boxes: their top left corner. */
export interface Arrangement {
  x: Float32Array;
  y: Float32Array;
  box: { width: number; height: number };
  width: number;
  height: number;
  /** Layers from left to right. */
  bands: Band[];
  /** Lanes from top to bottom; a lane without a box has no height. */
  lanes: { top: number; bottom: number }[];
  /** Pieces of lines: x and y of where each leaves, then of where it arrives. Lines to the same box share what they have in common. */
  pieces: Float32Array;
  /** The pieces of link i: `linkPieces[linkStart[i]]` up to `linkStart[i + 1]`. */
  linkStart: Uint32Array;
  linkPieces: Uint32Array;
}

/**
 * Layers stand side by side, lanes above one another; in a layer, what is needed stands right of what needs it. Rows are
 * ordered by where their neighbours are (barycentres, after Sugiyama 1981), then moved as near to them as their
 * order allows (isotonic regression). The first layer, care, keeps the order it is given: the clinical one.
 */
export function arrange(given: ToArrange): Arrangement {
  const columns = columnsOf(given);
  const placed = orderAndPlace(given, columns);
  return route(given, columns, placed);
}
