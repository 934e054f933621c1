import type { ProvedComponent } from './state.ts';

/** Whether a component's restoration was seen to work as it stands now. */
export type ProofBadge = 'proved' | 'changed' | 'unproved';

export function badgeOf(component: ProvedComponent | undefined): ProofBadge {
  if (component?.last.outcome !== 'proved') return 'unproved';
  return component.changed === null ? 'proved' : 'changed';
}
