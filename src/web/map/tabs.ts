import type { Act } from '../../access/policy.ts';

export interface MapTab {
  name: string;
  path: string;
  /** What one must be allowed to do for it to be shown; absent: whoever sees the map. */
  act?: Act;
}

/** The screens of the map, in the order of their tabs. */
export const mapTabs = [
  { name: 'map', path: '/map' },
  { name: 'weakPoints', path: '/map/weak-points' },
  { name: 'returns', path: '/map/returns' },
  { name: 'suppliers', path: '/map/suppliers' },
  { name: 'import', path: '/map/import', act: 'map.edit' },
  { name: 'changes', path: '/map/changes' },
] as const satisfies readonly MapTab[];
