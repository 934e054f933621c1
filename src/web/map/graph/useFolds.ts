import { useMemo, useState } from 'react';
import { layerOf } from './layers.ts';
import type { MapNode } from './nodes.ts';
import { type Pile, pilesOf } from './shown.ts';

/** A map of more than this opens folded: a page of boxes that say how many are behind them. */
const UNFOLDED_MAX = 220;
/** Care functions stay in sight as long as they can be read as a list. */
const CARE_MAX = 60;

export interface Folds {
  piles: readonly Pile[];
  folded: ReadonlySet<string>;
  bySite: boolean;
  hasSites: boolean;
  fold(piles: readonly Pick<Pile, 'key'>[], isFolded: boolean): void;
  arrangeBySite(bySite: boolean): void;
}

export function useFolds(nodes: readonly MapNode[]): Folds {
  const sites = useMemo(() => new Set(nodes.map(({ site }) => site).filter((site) => site !== null)).size, [nodes]);
  const isLarge = nodes.length > UNFOLDED_MAX;
  const [bySite, setBySite] = useState(isLarge && sites > 1);
  const piles = useMemo(() => pilesOf(nodes, bySite), [nodes, bySite]);
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const folded = useMemo(() => {
    const cares = nodes.filter((node) => layerOf(node) === 'care').length;
    const atFirst = ({ layer }: Pile) => isLarge && !(layer === 'care' && cares <= CARE_MAX);
    return new Set(piles.filter((pile) => changed.get(pile.key) ?? atFirst(pile)).map(({ key }) => key));
  }, [piles, changed, isLarge, nodes]);
  return {
    piles,
    folded,
    bySite,
    hasSites: sites > 1,
    fold: (some, isFolded) =>
      setChanged((before) => new Map([...before, ...some.map(({ key }) => [key, isFolded] as const)])),
    arrangeBySite: setBySite,
  };
}
