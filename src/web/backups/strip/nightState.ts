import type { NightView } from '../../../restore/nights/views.ts';

/** What one word says of a night, the worst first. `clear`: no known sign, which is never «clean». */
export type NightState = 'sign' | 'damaged' | 'suspect' | 'unknown' | 'clear';
export const nightStates: readonly NightState[] = ['clear', 'sign', 'damaged', 'suspect', 'unknown'];

export function stateOf({ verdict, suspect }: Pick<NightView, 'verdict' | 'suspect'>): NightState {
  if (verdict === 'dirty') return 'sign';
  if (verdict === 'damaged') return 'damaged';
  if (suspect) return 'suspect';
  return verdict === 'clean' ? 'clear' : 'unknown';
}

/** What going back to a night loses, as far as the nights after it were compared with the one before each. */
export interface Loss {
  added: number;
  changed: number;
  removed: number;
}

/** Sums of the later nights: at most so much, for what changed twice counts twice. Null where one was not compared. */
export function lossAtMost(nights: readonly Pick<NightView, 'snapshot' | 'change'>[], snapshot: string): Loss | null {
  const later = nights.slice(nights.findIndex((night) => night.snapshot === snapshot) + 1);
  let loss: Loss | null = { added: 0, changed: 0, removed: 0 };
  for (const { change } of later)
    loss =
      loss === null || change === null
        ? null
        : {
            added: loss.added + change.added,
            changed: loss.changed + change.changed,
            removed: loss.removed + change.removed,
          };
  return loss;
}
