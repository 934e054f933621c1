import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { MapGraphView } from '../../map/views.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { SharedOnMap } from '../start/Shared.tsx';
import { useWords } from '../words/Words.tsx';
import { AddMenu, BookletLink } from './edit/Buttons.tsx';
import { useEditing } from './edit/useEditing.ts';
import { Graph } from './graph/Graph.tsx';
import { Elements } from './list/Elements.tsx';
import { MapPage } from './MapPage.tsx';
import { NodeDetails } from './NodeDetails.tsx';
import { hypothesisIn, toggled, withHypothesis } from './whatIf/hypothesis.ts';
import { useWhatIf } from './whatIf/requests.ts';
import { stoppedIn, supposed } from './whatIf/supposed.ts';
import { WhatIfPanel } from './whatIf/WhatIfPanel.tsx';
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
          <AddMenu />
        </div>
      </MapPage>
    );
  }
  return <Explorer live={view} />;
}

/** The map as it is, or as a what-if supposes it: the picture, the list, and what is said of what is chosen. */
function Explorer({ live }: { live: MapGraphView }) {
  const { t, say } = useWords();
  const { world } = useWorld();
  const [params, setParams] = useSearchParams();
  const [shape, setShape] = useState<'graph' | 'list'>(() =>
    matchMedia('(max-width: 56rem)').matches ? 'list' : 'graph',
  );
  const [path, showPath] = useState<ReadonlySet<string> | null>(null);
  /** The element whose need is being chosen. */
  const [linking, link] = useState<string | null>(null);
  const { edit } = useEditing();

  const hypothesis = useMemo(() => hypothesisIn(params), [params]);
  const asked = hypothesis === null || hypothesis.stopped.length === 0 ? null : hypothesis;
  const known = useMemo(() => knownOf(live), [live]);
  const { data: now, error } = useWhatIf(world, asked, known);
  const inTheEnd = useWhatIf(world, asked === null ? null : { ...asked, afterSeconds: null }, known);
  const answer = asked === null ? undefined : now;
  const view = useMemo(() => (answer === undefined ? live : supposed(live, answer)), [live, answer]);
  const stopped = useMemo(() => stoppedIn(live, answer, hypothesis?.stopped ?? []), [live, answer, hypothesis]);

  const at = params.get('at');
  const node = view.nodes.find((one) => one.id === at) ?? null;
  const suppose = (next: typeof hypothesis) => setParams((before) => withHypothesis(before, next), { replace: true });
  const select = (id: string | null) => {
    showPath(null);
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (id === null) next.delete('at');
        else next.set('at', id);
        return next;
      },
      { replace: true },
    );
  };
  /**
   * In a what-if, pressing a component stops it or lets it go; a care function shows what it hangs on. While a need is being
   * chosen, pressing is choosing.
   */
  const press = (id: string | null) => {
    if (linking !== null) {
      if (id === linking) return;
      link(null);
      if (id === null) return;
      const isCare = live.nodes.some((one) => one.id === linking && one.kind === 'careFunction');
      edit({ section: isCare ? 'careFunctions' : 'components', id: linking, needs: [id] });
      return;
    }
    const isComponent = live.nodes.some((one) => one.id === id && one.kind !== 'careFunction');
    if (hypothesis !== null && id !== null && isComponent)
      suppose({ ...hypothesis, stopped: toggled(hypothesis.stopped, id) });
    else select(id);
  };
  useEscape(hypothesis !== null || linking !== null, () => (linking === null ? suppose(null) : link(null)));
  const linked = live.nodes.find(({ id }) => id === linking);
  const columns = useFilling();

  return (
    <MapPage
      title={t.shell.map}
      tools={
        <>
          <AddMenu />
          <BookletLink />
          {hypothesis === null && (
            <Button icon="spark" onClick={() => suppose({ stopped: [], afterSeconds: null, rest: 'asSeen' })}>
              {t.mapWhatIf.ask}
            </Button>
          )}
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
        </>
      }
      className="map"
    >
      <SharedOnMap />
      {linked !== undefined && (
        <div className="map-linking no-print">
          <p role="status">{t.mapEdit.linking(say(linked.name))}</p>
          <Button size="small" onClick={() => link(null)}>
            {t.mapEdit.linkingEnd}
          </Button>
        </div>
      )}
      <div className="map-columns" ref={columns} data-shape={shape} data-supposed={hypothesis !== null}>
        <Elements
          view={view}
          selected={node?.id ?? null}
          stopped={hypothesis === null ? null : stopped}
          onSelect={press}
        />
        {/* The list beside it holds everything the picture does, for eyes and hands the picture does not serve. */}
        {shape === 'graph' && (
          <Graph view={view} selected={node?.id ?? null} stopped={stopped} path={path} onSelect={press} />
        )}
        {hypothesis !== null ? (
          <WhatIfPanel
            view={view}
            hypothesis={hypothesis}
            answer={answer}
            losses={
              (asked === null ? undefined : inTheEnd.data)?.careFunctions.map((one) => one.lostAfterSeconds) ?? []
            }
            error={error}
            onChange={suppose}
            onSelect={select}
          />
        ) : (
          node !== null && (
            <NodeDetails
              key={node.id}
              node={node}
              view={view}
              onSelect={select}
              onLink={() => link(node.id)}
              onSuppose={() => suppose({ stopped: [node.id], afterSeconds: null, rest: 'asSeen' })}
              onPath={showPath}
            />
          )
        )}
      </div>
    </MapPage>
  );
}

/** Changes when the map or the state of anything on it does: an answer is of one of these. */
const knownOf = ({ document, nodes }: MapGraphView): string =>
  `${document} ${nodes.map(({ state, since }) => `${state[0]}${since ?? ''}`).join('')}`;

/** As high as what banners and titles leave of the screen. */
function useFilling(): RefObject<HTMLDivElement | null> {
  const columns = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = () => {
      const top = columns.current?.getBoundingClientRect().top ?? 0;
      columns.current?.style.setProperty('--above', `${Math.round(top + scrollY)}px`);
    };
    place();
    const watch = new ResizeObserver(place);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, []);
  return columns;
}

/** Escape leaves, wherever one is, unless a field or the picture has something of its own to leave first. */
function useEscape(isOpen: boolean, leave: () => void): void {
  useEffect(() => {
    if (!isOpen) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) leave();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}
