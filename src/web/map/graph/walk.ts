import type { Arrangement } from './layout/arrange.ts';
import type { Shown } from './shown.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Where an arrow key leads from a box: sideways along its links, up and down along its column; null: nowhere. */
export function stepFrom(box: number, direction: Direction, { links }: Shown, { x, y }: Arrangement): number | null {
  const here = y[box] ?? 0;
  const nearest = (boxes: readonly number[]) =>
    boxes.reduce<number | null>(
      (best, one) => (best === null || Math.abs((y[one] ?? 0) - here) < Math.abs((y[best] ?? 0) - here) ? one : best),
      null,
    );
  if (direction === 'right') return nearest(links.filter(({ from }) => from === box).map(({ to }) => to));
  if (direction === 'left') return nearest(links.filter(({ to }) => to === box).map(({ from }) => from));
  const column: number[] = [];
  x.forEach((left, one) => {
    const below = (y[one] ?? 0) - here;
    if (left === x[box] && one !== box && (direction === 'down' ? below > 0 : below < 0)) column.push(one);
  });
  return nearest(column);
}
