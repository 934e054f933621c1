import { useEffect, useState } from 'react';
import type { MapGraphView } from '../../../map/views.ts';
import { refusalOf } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import type { MapNode } from '../graph/nodes.ts';
import { NodeLine } from '../NodeLine.tsx';
import { failingPath } from './failingPath.ts';
import { useWhatIf } from './requests.ts';

/** Why a care function is not served: what is at the root of it, and the path from there shown in the picture. */
export function Why({
  node,
  view,
  onSelect,
  onPath,
}: {
  node: MapNode;
  view: MapGraphView;
  onSelect(id: string): void;
  onPath(path: ReadonlySet<string> | null): void;
}) {
  const { t } = useWords();
  const { world } = useWorld();
  const [isAsked, ask] = useState(false);
  // Nothing is supposed: what is lost now, and why.
  const nothing = { stopped: [], afterSeconds: 0, rest: 'asSeen' as const };
  const { data, error } = useWhatIf(world, isAsked ? nothing : null, `${view.document} ${node.state} ${node.since}`);
  const felt = data?.careFunctions.find(({ id }) => id === node.id);
  useEffect(() => {
    if (felt !== undefined) onPath(failingPath(view, node.id, [...felt.because, ...felt.enough]));
  }, [felt, view, node.id, onPath]);
  if (!isAsked)
    return (
      <Button icon="search" onClick={() => ask(true)}>
        {t.mapWhatIf.why}
      </Button>
    );
  const roots = [...new Set([...(felt?.enough ?? []), ...(felt?.because ?? [])])];
  const found = roots.flatMap((id) => view.nodes.find((one) => one.id === id) ?? []);
  return (
    <div className="node-links why">
      {error !== null && <RefusalNote refusal={refusalOf(error)} />}
      {felt !== undefined && <h3>{found.length === 0 ? t.mapWhatIf.whyNothing : t.mapWhatIf.whyRoots}</h3>}
      <ul>
        {found.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => onSelect(one.id)}>
              <NodeLine node={one} />
            </button>
          </li>
        ))}
      </ul>
      <Button
        look="quiet"
        onClick={() => {
          ask(false);
          onPath(null);
        }}
      >
        {t.mapWhatIf.whyHide}
      </Button>
    </div>
  );
}
