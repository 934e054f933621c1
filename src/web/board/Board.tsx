import { useCallback, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { type BoardView, worstFirst } from '../../map/care.ts';
import { entry } from '../../words/entry.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { DrillButton, PlayIncident } from '../prepare/PlayIncident.tsx';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { BandRow } from './BandRow.tsx';
import { axisOf, place } from './geometry.ts';
import { Legend } from './Legend.tsx';
import { NextGap } from './NextGap.tsx';
import { TimeAxis } from './TimeAxis.tsx';
import './board.css';
import './picture.css';
import './track.css';
import './wall.css';

/** Positions the now line takes across the axis: about one for each pixel of a wide screen. */
const STEPS_DRAWN = 2000;

export function Board() {
  const { t } = useWords();
  const { feed } = useWorld();
  const board = feed.views.board;
  if (board === undefined)
    return (
      <Page title={t.shell.board}>
        <p className="soft">{feed.connection === 'lost' ? t.shell.lostNothingShown : t.parts.opening}</p>
      </Page>
    );
  if (board.bands.length === 0) return <NoMap />;
  return <Picture board={board} />;
}

function Picture({ board }: { board: BoardView }) {
  const { t } = useWords();
  const { feed } = useWorld();
  const axis = useMemo(() => axisOf({ from: board.axis.from, to: board.axis.to }), [board.axis.from, board.axis.to]);
  const present = useNow();
  // Bands are drawn again only when the now line has moved by something one can see.
  const step = (axis.to - axis.from) / STEPS_DRAWN;
  const now = Math.floor(present / step) * step;
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(new URLSearchParams(location.search).getAll('open')),
  );
  const [legend, showLegend] = useState(false);
  const [playing, play] = useState(false);
  const toggle = useCallback(
    (careFunction: string) =>
      setOpen((before) => {
        const after = new Set(before);
        if (!after.delete(careFunction)) after.add(careFunction);
        return after;
      }),
    [],
  );
  const isLive = feed.world?.info.kind === 'live';
  return (
    <div className="page board">
      <div className="board-head">
        <NextGap board={board} />
        <OpenIncident />
      </div>
      <div className="board-line">
        <StateCounts board={board} />
        {isLive && (
          <div className="page-tools">
            <Button size="small" icon="play" onClick={() => play(true)}>
              {t.prepare.play}
            </Button>
            <DrillButton />
          </div>
        )}
      </div>
      {legend && <Legend />}
      <section className="picture" aria-label={t.board.picture} style={{ '--present': place(now, axis) }}>
        <div className="page-tools picture-tools">
          <Button look="quiet" size="small" aria-expanded={legend} onClick={() => showLegend(!legend)}>
            {t.board.legendTitle}
          </Button>
          <Button look="quiet" size="small" icon="print" onClick={() => print()}>
            {t.parts.print}
          </Button>
        </div>
        <TimeAxis axis={axis} now={present} />
        <ul className="bands">
          {board.bands.map((band) => (
            <BandRow
              key={band.careFunction}
              band={band}
              now={now}
              axis={axis}
              open={open.has(band.careFunction)}
              onToggle={toggle}
            />
          ))}
        </ul>
      </section>
      {playing && <PlayIncident onClose={() => play(false)} />}
    </div>
  );
}

/** How many functions stand in each state, worst first: a sentence of signs, not a wall of badges. */
function StateCounts({ board }: { board: BoardView }) {
  const { t } = useWords();
  const counted = worstFirst
    .map((state) => ({ state, count: board.bands.filter((band) => band.state === state).length }))
    .filter(({ count }) => count > 0);
  return (
    <ul className="state-counts" aria-label={t.board.functionsByState}>
      {counted.map(({ state, count }) => (
        <li key={state} className="state-mark" data-state={state}>
          <Icon name={state} />
          <span>
            <b>{count}</b> {t.care.counted(state, count)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function OpenIncident() {
  const { t, say } = useWords();
  const { feed } = useWorld();
  const incidents = feed.views.incidents;
  const allOpen = incidents?.incidents.filter((incident) => incident.closedAt === null) ?? [];
  const openCount = allOpen.length;
  const [open] = allOpen;
  if (open === undefined) return null;
  const next = incidents?.nextActions.find((action) => action.incident === open.incident);
  return (
    <aside className="open-incident" aria-label={t.activate.incident}>
      <p className="soft">
        {openCount === 1 ? t.activate.incident : t.activate.openIncidents(openCount)} · {t.activate.levels[open.level]}
      </p>
      <p>
        <Link href={`/incidents/${encodeURIComponent(open.incident)}`}>
          {t.activate.incidentOf(entry(t.activate.causes, open.cause) ?? open.cause)}
        </Link>
      </p>
      {next !== undefined && (
        <p>
          {t.activate.nextIs} {say(next.title)}
        </p>
      )}
    </aside>
  );
}

function NoMap() {
  const { t } = useWords();
  const { feed } = useWorld();
  const [playing, play] = useState(false);
  return (
    <Page title={t.board.noMapTitle}>
      <div className="empty">
        <p>{t.board.noMap}</p>
        <code className="command">{t.board.checkCommand}</code>
        {feed.world?.info.kind === 'live' && (
          <div className="empty-acts">
            <Button icon="play" onClick={() => play(true)}>
              {t.prepare.play}
            </Button>
          </div>
        )}
      </div>
      {playing && <PlayIncident onClose={() => play(false)} />}
    </Page>
  );
}
