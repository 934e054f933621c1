import type { ToArrange } from './arrange.ts';
import type { Columns } from './columns.ts';
import { stack } from './stack.ts';

/** Above this many boxes, lines run straight behind those in their way: corridors for all of them would be most of the picture. */
const CORRIDORS_BOXES_MAX = 1500;
const SWEEPS = 14;
/** Of the distance between two boxes of a column, and of the room a line takes between them. */
const GAP = 0.3;
const LINE_GAP = 0.22;
const LANE_GAP = 0.9;

/** A box, or the corridor through which the lines to one box cross a column. */
export interface Placed {
  column: Uint32Array;
  lane: Uint16Array;
  /** Of the middle. */
  y: Float64Array;
  lanes: { top: number; bottom: number }[];
  height: number;
  /** Of each link, the corridors it goes through, from left to right. */
  through: (readonly number[])[];
}

export function orderAndPlace(given: ToArrange, columns: Columns): Placed {
  const boxes = given.layer.length;
  const { column, lane, links, through } = withCorridors(given, columns);
  const isBox = (at: number) => at < boxes;
  const gap = given.box.height * GAP;
  const apart = (above: number, below: number) =>
    isBox(above) && isBox(below)
      ? given.box.height + gap
      : isBox(above) || isBox(below)
        ? given.box.height / 2 + given.box.height * LINE_GAP
        : given.box.height * LINE_GAP;
  const cells = cellsOf(column, lane);
  const lanes = lanesOf(given, cells, apart);
  const y = new Float64Array(column.length);
  const spread = (members: readonly number[]) => {
    const { top, bottom } = lanes[lane[members[0] ?? 0] ?? 0] ?? { top: 0, bottom: 0 };
    const wanted = Float64Array.from(members, (at) => y[at] ?? 0);
    const distances = Float64Array.from(members, (at, i) => (i === 0 ? 0 : apart(members[i - 1] ?? 0, at)));
    stack(wanted, distances, top + given.box.height / 2, bottom - given.box.height / 2);
    members.forEach((at, i) => {
      y[at] = wanted[i] ?? 0;
    });
  };
  for (const members of cells) {
    const { top, bottom } = lanes[lane[members[0] ?? 0] ?? 0] ?? { top: 0, bottom: 0 };
    members.forEach((at, i) => {
      y[at] = top + ((bottom - top) * (i + 0.5)) / members.length;
    });
    spread(members);
  }
  const { left, right } = neighbours(column.length, links);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isLast = sweep >= SWEEPS - 4;
    const rightward = sweep % 2 === 0;
    for (const members of rightward ? cells : cells.toReversed()) {
      const wishes = new Map(
        members.map((at) => [at, wish(at, y, left, right, isLast ? 'both' : rightward ? 'left' : 'right')]),
      );
      for (const [at, place] of wishes) y[at] = place;
      // Care keeps its clinical order; the last sweeps straighten lines without changing who is above whom.
      const isClinical = isBox(members[0] ?? 0) && given.layer[members[0] ?? 0] === 0;
      if (!isLast && !isClinical) members.sort((one, other) => (y[one] ?? 0) - (y[other] ?? 0) || one - other);
      spread(members);
    }
  }
  return { column, lane, y, lanes, height: lanes.at(-1)?.bottom ?? 0, through };
}

/** Where a thing would stand if it were alone: among its neighbours. */
function wish(
  at: number,
  y: Float64Array,
  left: readonly (readonly number[])[],
  right: readonly (readonly number[])[],
  side: 'left' | 'right' | 'both',
): number {
  let sum = 0;
  let count = 0;
  const add = (others: readonly number[]) => {
    for (const other of others) sum += y[other] ?? 0;
    count += others.length;
  };
  if (side !== 'right') add(left[at] ?? []);
  if (side !== 'left') add(right[at] ?? []);
  return count === 0 ? (y[at] ?? 0) : sum / count;
}

function neighbours(count: number, links: readonly (readonly [number, number])[]) {
  const left: number[][] = Array.from({ length: count }, () => []);
  const right: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of links) {
    right[from]?.push(to);
    left[to]?.push(from);
  }
  return { left, right };
}

/** Boxes and corridors of one column and lane, columns from left to right. */
function cellsOf(column: Uint32Array, lane: Uint16Array): number[][] {
  const cells = new Map<number, number[]>();
  column.forEach((one, at) => {
    const key = one * 65_536 + (lane[at] ?? 0);
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [at]);
    else cell.push(at);
  });
  return [...cells].sort(([one], [other]) => one - other).map(([, members]) => members);
}

/** As high as the fullest column of each lane needs. */
function lanesOf(given: ToArrange, cells: readonly number[][], apart: (above: number, below: number) => number) {
  const boxes = given.layer.length;
  const needs: number[] = [];
  const laneOf = (at: number) => given.lane[at] ?? 0;
  for (const members of cells) {
    const owner = members.find((at) => at < boxes);
    if (owner === undefined) continue;
    let height = given.box.height;
    for (let i = 1; i < members.length; i += 1) height += apart(members[i - 1] ?? 0, members[i] ?? 0);
    needs[laneOf(owner)] = Math.max(needs[laneOf(owner)] ?? 0, height);
  }
  let top = 0;
  return Array.from({ length: needs.length }, (_, lane) => {
    const height = needs[lane] ?? 0;
    const placed = { top, bottom: top + height };
    if (height > 0) top += height + given.box.height * LANE_GAP;
    return placed;
  });
}

/** Lines that cross columns get a place in each; those to the same box share it, which loses nothing: all of them go there. */
function withCorridors(given: ToArrange, columns: Columns) {
  const boxes = given.layer.length;
  const column = [...columns.of];
  const lane = [...given.lane];
  const links: [number, number][] = [];
  const through: number[][] = [];
  const corridors = new Map<number, number>();
  const known = new Set<number>();
  const join = (one: number, other: number) => {
    const key = one * 4_194_304 + other;
    if (known.has(key)) return;
    known.add(key);
    links.push([one, other]);
  };
  for (let link = 0; link < given.from.length; link += 1) {
    const [from, to] = [given.from[link] ?? 0, given.to[link] ?? 0];
    const [start, end] = [columns.of[from] ?? 0, columns.of[to] ?? 0];
    const passed: number[] = [];
    if (boxes <= CORRIDORS_BOXES_MAX && start < end) {
      for (let crossed = start + 1; crossed < end; crossed += 1) {
        const key = to * 65_536 + crossed;
        let corridor = corridors.get(key);
        if (corridor === undefined) {
          corridor = column.length;
          corridors.set(key, corridor);
          column.push(crossed);
          lane.push(given.lane[to] ?? 0);
        }
        passed.push(corridor);
      }
    }
    through.push(passed);
    const way = [from, ...passed, to];
    for (let i = 1; i < way.length; i += 1) {
      const [one, other] = [way[i - 1] ?? 0, way[i] ?? 0];
      // A line that runs back still draws its ends together.
      if ((column[one] ?? 0) <= (column[other] ?? 0)) join(one, other);
      else join(other, one);
    }
  }
  return { column: Uint32Array.from(column), lane: Uint16Array.from(lane), links, through };
}
