import type { ViewRoute } from '../access/route.ts';

export const mapViews: ViewRoute[] = [
  { view: 'board', allowed: 'signedIn', scope: 'establishment' },
  { view: 'map', allowed: 'signedIn', scope: 'establishment' },
];
