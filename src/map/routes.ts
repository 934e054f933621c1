import type { ViewRoute } from '../access/route.ts';

export const mapViews: ViewRoute[] = [
  { view: 'board', act: 'board.see' },
  { view: 'map', act: 'map.see' },
];
