import { type Refusing, refuse } from '../../journal/result.ts';
import type { Component } from '../model.ts';
import type { MapChange } from './change.ts';

/** Recoveries that run: their incident, and the components they bring back. */
export interface Running {
  readonly [recovery: string]: { readonly incident: string; readonly components: readonly string[] };
}

/** What a running recovery brings back stays on the map, with how it is brought back. */
export function refusedInUse(running: Running, changes: readonly MapChange[]): Refusing | undefined {
  for (const change of changes) {
    if (change.section !== 'components') continue;
    // Of that section.
    const [from, to] = [change.from, change.to] as (Component | null)[];
    if (from?.restore === undefined) continue;
    const why = to == null ? 'removed' : to.restore === undefined ? 'emptied' : undefined;
    if (why === undefined) continue;
    const use = Object.entries(running).find(([, { components }]) => components.includes(change.id));
    if (use !== undefined) return inUse(change.id, use[0], use[1].incident, why);
  }
  return undefined;
}

const inUse = (component: string, recovery: string, incident: string, why: 'removed' | 'emptied'): Refusing =>
  refuse(
    'map-in-use',
    why === 'removed'
      ? 'A recovery that runs is bringing it back: taken off the map, its restoration would have nothing to end in.'
      : 'A recovery that runs is bringing it back: without its restore policy, it could not be done again.',
    {
      where: `components ${component} · ${incident}`,
      expected: `it stays as long as ${recovery}, of ${incident}, runs`,
      kept: 'The map in force is unchanged; none of this change was made.',
      cure: 'Leave it out of this change, or end the recovery first.',
    },
  );
