import { useMemo } from 'react';
import type { MapGraphView } from '../../../map/views.ts';
import { useWords } from '../../words/Words.tsx';
import { lookOfPieces } from './emphasis.ts';
import type { Face } from './paint/boxes.ts';
import type { Scene } from './paint/Picture.ts';
import { type Shown, statesOf, worstOf } from './shown.ts';
import type { Arranged } from './useArrangement.ts';

/** What is drawn, and what each box shows of now: states change without anything moving. */
export function useScene(
  arranged: Arranged | null,
  view: MapGraphView,
  stopped: ReadonlySet<string>,
  siteName: ((site: string | null) => string) | null,
): Scene | null {
  const { t, say } = useWords();
  const lines = useMemo(
    () =>
      arranged === null
        ? null
        : {
            pieces: arranged.arrangement.pieces,
            look: lookOfPieces(arranged.arrangement, arranged.shown.links),
          },
    [arranged],
  );
  const alternatives = useMemo(() => (arranged === null ? [] : alternativesOf(arranged.shown)), [arranged]);
  return useMemo(() => {
    if (arranged === null || lines === null) return null;
    const { arrangement, shown } = arranged;
    const nodes = view.nodes;
    const stateAt = (at: number) => nodes[at]?.state ?? 'unknown';
    const faces = shown.things.map((thing, box): Face => {
      if (thing.kind === 'element') {
        const node = nodes[thing.at];
        return {
          name: node === undefined ? '' : say(node.name),
          state: stateAt(thing.at),
          isCare: node?.kind === 'careFunction',
          counts: null,
          isStopped: stopped.has(thing.id),
          alternative: alternatives[box] ?? null,
        };
      }
      const counts = statesOf(thing.pile, stateAt);
      const worst = worstOf(counts);
      return {
        name: t.mapGraph.layers[thing.layer],
        state: worst,
        isCare: thing.layer === 'care',
        counts: [...counts]
          .map(([state, count]) => ({ state, count }))
          .toSorted((one) => (one.state === worst ? -1 : one.state === 'up' ? 1 : 0)),
        isStopped: thing.pile.members.some((at) => stopped.has(nodes[at]?.id ?? '')),
        alternative: null,
      };
    });
    return { arrangement, lines, faces, laneNames: siteName === null ? null : shown.lanes.map(siteName) };
  }, [arranged, lines, alternatives, view.nodes, stopped, siteName, say, t]);
}

/** Of each box, the first set of alternatives it has: how many of how many are enough. */
function alternativesOf({ links }: Shown): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  for (const { from, alternative } of links) if (alternative !== null) found[from] ??= alternative;
  return found;
}
