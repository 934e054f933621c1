import { useDeferredValue, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { MapGraphView } from '../../map/views.ts';
import { useWorld } from '../feed/World.tsx';
import { Choice } from '../parts/Choice.tsx';
import { SearchField } from '../parts/SearchField.tsx';
import { sought } from '../parts/sought.ts';
import { useWords } from '../words/Words.tsx';
import { Graph } from './graph/Graph.tsx';
import { grouped, type MapNode } from './graph/nodes.ts';
import { MapPage } from './MapPage.tsx';
import { NodeDetails } from './NodeDetails.tsx';
import { NodeLine } from './NodeLine.tsx';
import './map.css';

export default function MapScreen() {
  const { t } = useWords();
  const { feed } = useWorld();
  const view = feed.views.map;
  if (view === undefined)
    return (
      <MapPage title={t.shell.map}>
        <p className="soft">{t.parts.opening}</p>
      </MapPage>
    );
  if (view.nodes.length === 0) {
    return (
      <MapPage title={t.board.noMapTitle}>
        <div className="empty">
          <p>{t.board.noMap}</p>
          <code className="command">{t.board.checkCommand}</code>
        </div>
      </MapPage>
    );
  }
  return <Explorer view={view} />;
}

function Explorer({ view }: { view: MapGraphView }) {
  const { t } = useWords();
  const [params, setParams] = useSearchParams();
  const [shape, setShape] = useState<'graph' | 'list'>(() =>
    matchMedia('(max-width: 56rem)').matches ? 'list' : 'graph',
  );
  const asked = params.get('at');
  const node = view.nodes.find((one) => one.id === asked) ?? null;
  const select = (id: string | null) => setParams(id === null ? {} : { at: id }, { replace: true });
  return (
    <MapPage
      title={t.shell.map}
      lead={
        <p>
          {t.map.lead(
            view.nodes.filter((one) => one.kind === 'careFunction').length,
            view.nodes.filter((one) => one.kind !== 'careFunction').length,
          )}
        </p>
      }
      tools={
        <div className="map-shape">
          <Choice
            legend={t.map.shape}
            legendShown={false}
            value={shape}
            options={[
              { value: 'graph' as const, label: t.map.graph },
              { value: 'list' as const, label: t.map.list },
            ]}
            onChange={setShape}
          />
        </div>
      }
      className="map"
    >
      <div className="map-columns" data-shape={shape}>
        <Elements view={view} selected={node?.id ?? null} onSelect={select} />
        {/* The list beside it holds everything the picture does, for eyes and hands the picture does not serve. */}
        {shape === 'graph' && <Graph view={view} selected={node?.id ?? null} onSelect={select} />}
        {node !== null && <NodeDetails key={node.id} node={node} view={view} onSelect={select} />}
      </div>
    </MapPage>
  );
}

function Elements({
  view,
  selected,
  onSelect,
}: {
  view: MapGraphView;
  selected: string | null;
  onSelect(id: string): void;
}) {
  const { t, say } = useWords();
  const [query, seek] = useState('');
  const wanted = useDeferredValue(sought(query));
  const groups = useMemo(() => {
    const found = view.nodes.filter((node) => sought(`${say(node.name)} ${node.id}`).includes(wanted));
    const kindOf = (node: MapNode) => (node.kind === 'careFunction' ? t.map.careFunctions : t.map.kinds[node.kind]);
    return [...grouped(found, kindOf)];
  }, [view.nodes, wanted, say, t]);
  return (
    <section className="elements" aria-label={t.map.elements}>
      <div className="elements-search">
        <SearchField label={t.map.search} value={query} onChange={seek} />
      </div>
      {groups.length === 0 && <p className="soft">{t.map.nothingFound(query)}</p>}
      <div className="elements-list">
        {groups.map(([kind, nodes]) => (
          <section key={kind}>
            <h2>{kind}</h2>
            <ul>
              {nodes.slice(0, 200).map((node) => (
                <li key={node.id}>
                  <button type="button" aria-current={node.id === selected} onClick={() => onSelect(node.id)}>
                    <NodeLine node={node} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
}
