import type { MapNode } from '../graph/nodes.ts';

/** A line of the list: a heading, or an element. */
export type Row = { kind: 'heading'; title: string; count: number } | { kind: 'element'; node: MapNode };

/** Elements under the headings of their kinds, in the order of the map. */
export function rowsOf(groups: ReadonlyMap<string, readonly MapNode[]>): Row[] {
  return [...groups].flatMap(([title, nodes]): Row[] => [
    { kind: 'heading', title, count: nodes.length },
    ...nodes.map((node): Row => ({ kind: 'element', node })),
  ]);
}

/** Which rows of equal height stand in a window, and a few beyond it, so that scrolling never shows a hole. */
export function windowOf(
  count: number,
  rowHeight: number,
  top: number,
  height: number,
): { first: number; end: number } {
  const beyond = 12;
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond);
  return {
    first: Math.min(first, Math.max(0, count - 1)),
    end: Math.min(count, Math.ceil((top + height) / rowHeight) + beyond),
  };
}
