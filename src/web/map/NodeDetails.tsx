import { useEffect, useMemo, useRef } from 'react';
import type { MapGraphView } from '../../map/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { useNow } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { ComponentStateMark } from '../parts/StateMark.tsx';
import { useWords } from '../words/Words.tsx';
import { EditButton, LinkButton, NeedsButton } from './edit/Buttons.tsx';
import { connected, type MapEdge, type MapNode } from './graph/nodes.ts';
import { NodeLine } from './NodeLine.tsx';
import { Answerable } from './suppliers/Answerable.tsx';
import { Why } from './whatIf/Why.tsx';

export function NodeDetails({
  node,
  view,
  onSelect,
  onSuppose,
  onLink,
  onPath,
}: {
  node: MapNode;
  view: MapGraphView;
  onSelect(id: string | null): void;
  /** Asks what would be lost without it. */
  onSuppose(): void;
  /** The next element chosen is one that it needs. */
  onLink(): void;
  /** What stands out in the picture instead of all that hangs together with it. */
  onPath(path: ReadonlySet<string> | null): void;
}) {
  const { t, say, reading, language } = useWords();
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const needs = view.edges.filter((edge) => edge.from === node.id);
  const neededBy = view.edges.filter((edge) => edge.to === node.id);
  const carried = useMemo(() => {
    const { neededBy: above } = connected(view.edges, node.id);
    return view.nodes.filter(({ id, kind }) => kind === 'careFunction' && above.has(id)).length;
  }, [view.edges, view.nodes, node.id]);
  // Each link says who confirmed it; here, whether all of them were.
  const last = needs.every((edge) => edge.confirmed !== null) ? needs.at(-1)?.confirmed : null;
  const by = node.confirmed ?? last ?? null;
  const confirmed =
    by === null ? t.map.notConfirmed : t.map.confirmed(by.by, format.day(by.on, { ...reading, timeZone: 'UTC' }));
  const edited = { section: node.kind === 'careFunction' ? 'careFunctions' : 'components', id: node.id } as const;
  return (
    <aside className="node-details card" aria-label={t.map.details}>
      <div className="level-head">
        <h2 ref={heading} tabIndex={-1}>
          {say(node.name)}
        </h2>
        <button type="button" className="panel-close" onClick={() => onSelect(null)}>
          <Icon name="close" />
          <span className="visually-hidden">{t.parts.close}</span>
        </button>
      </div>
      <p>
        <ComponentStateMark state={node.state} isCare={node.kind === 'careFunction'} />
        {node.since !== null && <span className="soft"> {format.when('since', node.since, now, reading)}</span>}
      </p>
      {node.code !== null && (
        <p className="soft">{entry(t.care.because, node.code) ?? t.care.becauseOther(node.code)}</p>
      )}
      {node.kind === 'careFunction' && node.state !== 'up' && (
        <Why node={node} view={view} onSelect={onSelect} onPath={onPath} />
      )}
      <div className="node-acts no-print">
        {node.kind !== 'careFunction' && (
          <Button icon="spark" onClick={onSuppose}>
            {t.mapWhatIf.ask}
          </Button>
        )}
        <EditButton {...edited} name={say(node.name)} />
        <NeedsButton {...edited} />
        <LinkButton onLink={onLink} />
      </div>
      <dl className="facts">
        <div>
          <dt>{t.map.kind}</dt>
          <dd>{node.kind === 'careFunction' ? t.map.careFunction : t.map.kinds[node.kind]}</dd>
        </div>
        {node.tier !== null && (
          <div>
            <dt>{t.board.vital}</dt>
            <dd>{t.board.tier(node.tier)}</dd>
          </div>
        )}
        {node.site !== null && (
          <div>
            <dt>{t.map.site}</dt>
            <dd>{say(view.sites.find(({ id }) => id === node.site)?.name ?? { fr: node.site })}</dd>
          </div>
        )}
        {node.supplier !== null && (
          <div>
            <dt>{t.map.supplier}</dt>
            <dd>{view.suppliers.find(({ id }) => id === node.supplier)?.name ?? node.supplier}</dd>
          </div>
        )}
        {node.kind !== 'careFunction' && (
          <div>
            <dt>{t.map.carriesCare}</dt>
            <dd>{t.map.functionsCount(carried)}</dd>
          </div>
        )}
        {node.kind !== 'careFunction' && (
          <div>
            <dt>{t.map.restore}</dt>
            <dd>{node.restorable ? t.map.restorable : t.map.notRestorable}</dd>
          </div>
        )}
        <div>
          <dt>{t.map.links}</dt>
          <dd>{confirmed}</dd>
        </div>
      </dl>
      {/* What concerns this element beside its links (who answers for it, how it is changed) stands here, one part each. */}
      {node.kind !== 'careFunction' && (
        <Answerable component={node.id} since={node.state === 'up' ? null : node.since} />
      )}
      <Links title={t.map.needs} edges={needs} end="to" view={view} onSelect={onSelect} language={language} />
      <Links title={t.map.neededBy} edges={neededBy} end="from" view={view} onSelect={onSelect} language={language} />
    </aside>
  );
}

function Links({
  title,
  edges,
  end,
  view,
  onSelect,
  language,
}: {
  title: string;
  edges: MapEdge[];
  end: 'from' | 'to';
  view: MapGraphView;
  onSelect(id: string): void;
  language: 'fr' | 'en';
}) {
  const { t, reading } = useWords();
  const day = (on: string) => format.day(on, { ...reading, timeZone: 'UTC' });
  if (edges.length === 0) return null;
  return (
    <div className="node-links">
      <h3>{title}</h3>
      <ul>
        {edges.map((edge) => {
          const other = view.nodes.find((one) => one.id === edge[end]);
          if (other === undefined) return null;
          const facts = [
            edge.need === 'all' ? null : t.map.needKinds[edge.need],
            edge.graceSeconds === null ? null : t.map.grace(format.secondsLong(edge.graceSeconds, language)),
            edge.because === null ? null : t.map.proposed(edge.because),
            edge.because === null && edge.confirmed === null ? t.map.unconfirmed : null,
            edge.confirmed === null ? null : t.mapEdit.needs.confirmed(edge.confirmed.by, day(edge.confirmed.on)),
          ].filter((fact) => fact !== null);
          return (
            <li key={`${edge.group ?? ''}${other.id}`}>
              <button type="button" onClick={() => onSelect(other.id)}>
                <NodeLine node={other} facts={facts} />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
