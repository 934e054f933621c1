import type { MapGraphView } from '../../../map/views.ts';
import type { Found } from './requests.ts';

export type Falling = Found['falls'][number];

/** Of what falls: how many functions, and how many of the most vital tier. */
export function weightOf({ careFunctions }: Pick<Falling, 'careFunctions'>, tiers: ReadonlyMap<string, number>) {
  return { all: careFunctions.length, vital: careFunctions.filter((id) => tiers.get(id) === 1).length };
}

/** Tier by tier: no number of small functions outweighs intensive care. */
export function worstFirst<Falls extends Falling>(
  falls: readonly Falls[],
  tiers: ReadonlyMap<string, number>,
): Falls[] {
  const counts = ({ careFunctions }: Falling) =>
    [1, 2, 3].map((tier) => careFunctions.filter((id) => tiers.get(id) === tier).length);
  return falls.toSorted((one, other) => {
    const [mine, its] = [counts(one), counts(other)];
    const at = mine.findIndex((count, tier) => count !== its[tier]);
    return at < 0 ? 0 : (its[at] ?? 0) - (mine[at] ?? 0);
  });
}

export const tiersOf = ({ nodes }: MapGraphView): Map<string, number> =>
  new Map(nodes.flatMap(({ id, tier }) => (tier === null ? [] : [[id, tier]])));
