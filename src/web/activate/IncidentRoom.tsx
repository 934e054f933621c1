import { Link } from 'wouter';
import type { IncidentsView, IncidentView } from '../../activate/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { useNames } from '../feed/names.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { EraseTexts } from '../people/EraseTexts.tsx';
import { useMay } from '../people/requests.ts';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { CouldNotComeBack } from './CouldNotComeBack.tsx';
import { CrisisLog } from './CrisisLog.tsx';
import { JoinIncidents } from './JoinIncidents.tsx';
import { Level } from './Level.tsx';
import { NextActions } from './NextActions.tsx';
import { Plans } from './Plans.tsx';
import { Roles } from './Roles.tsx';
import './incident.css';

export function IncidentRoom({ incident: asked }: { incident?: string }) {
  const { t } = useWords();
  const { feed } = useWorld();
  const view = feed.views.incidents;
  if (view === undefined)
    return (
      <Page title={t.shell.incidents}>
        <p className="soft">{t.parts.opening}</p>
      </Page>
    );
  const wanted = asked === undefined ? undefined : decodeURIComponent(asked);
  const shown =
    view.incidents.find((one) => one.incident === wanted) ??
    view.incidents.find((one) => one.closedAt === null) ??
    view.incidents[0];
  if (shown === undefined) return <NoIncident />;
  return <Room key={shown.incident} incident={shown} view={view} />;
}

function NoIncident() {
  const { t } = useWords();
  return (
    <Page title={t.activate.noIncident}>
      <div className="empty">
        <p>{t.activate.noIncidentMeans}</p>
        <div className="empty-acts">
          <Link href="/" className="button button-plain">
            {t.activate.toBoard}
          </Link>
        </div>
      </div>
      <CouldNotComeBack />
    </Page>
  );
}

function Room({ incident, view }: { incident: IncidentView; view: IncidentsView }) {
  const { t, language, reading } = useWords();
  const now = useNow();
  const name = useNames();
  const lost = Date.parse(incident.lossSince);
  const lead = [
    t.activate.lossSince(
      format.when('since', lost, now, reading),
      format.secondsLong((Date.parse(incident.closedAt ?? new Date(now).toISOString()) - lost) / 1000, language),
    ),
    t.activate.functionsTouched(incident.careFunctions.length),
    ...(incident.closedAt === null || incident.mergedInto !== null
      ? []
      : [t.activate.closedAt(format.when('at', incident.closedAt, now, reading))]),
  ];
  return (
    <Page
      title={t.activate.incidentOf(entry(t.activate.causes, incident.cause) ?? incident.cause)}
      lead={
        <>
          <p>{lead.join(' · ')}</p>
          <p>
            {t.activate.roots} {format.list(incident.roots.map(name), language)}
          </p>
          <MapSince incident={incident} />
        </>
      }
      tools={
        <Button look="quiet" icon="print" onClick={() => print()}>
          {t.parts.print}
        </Button>
      }
      className="incident"
    >
      <GoesOn incident={incident} incidents={view.incidents} />
      {view.incidents.length > 1 && <OtherIncidents shown={incident.incident} incidents={view.incidents} />}
      <JoinIncidents incident={incident} incidents={view.incidents} />
      <div className="incident-columns">
        <div className="incident-acts">
          <NextActions
            incident={incident}
            actions={view.nextActions.filter((action) => action.incident === incident.incident)}
          />
          <Level incident={incident} />
          <Plans incident={incident} now={now} />
          <Roles incident={incident} now={now} />
          {incident.closedAt !== null && <EraseTexts incident={incident.incident} />}
        </div>
        <CrisisLog incident={incident} now={now} />
      </div>
      <CouldNotComeBack />
    </Page>
  );
}

/** The incident goes on with the map it opened with; what changed since is a press away. */
function MapSince({ incident: { incident, mapChanges } }: { incident: IncidentView }) {
  const { t } = useWords();
  const may = useMay();
  if (mapChanges === null || mapChanges === 0) return null;
  const said = t.mapChanges.mapChangedSince(mapChanges);
  return (
    <p>{may('map.see') ? <Link href={`/map/changes?incident=${encodeURIComponent(incident)}`}>{said}</Link> : said}</p>
  );
}

/** An incident that was joined to another: what follows is there. */
function GoesOn({ incident, incidents }: { incident: IncidentView; incidents: IncidentView[] }) {
  const { t } = useWords();
  const into = incidents.find((one) => one.incident === incident.mergedInto);
  if (into === undefined) return null;
  return (
    <p className="goes-on">
      <Link href={`/incidents/${encodeURIComponent(into.incident)}`}>{t.activate.seeJoined(into.number)}</Link>
    </p>
  );
}

function OtherIncidents({ shown, incidents }: { shown: string; incidents: IncidentView[] }) {
  const { t, reading } = useWords();
  const now = useNow();
  const ending = ({ mergedInto }: IncidentView) => {
    const into = incidents.find((one) => one.incident === mergedInto);
    return into === undefined ? t.activate.closed : t.activate.joinedTo(into.number);
  };
  return (
    <nav className="incident-tabs no-print" aria-label={t.activate.allIncidents}>
      {incidents.slice(0, 8).map((one) => (
        <Link
          key={one.incident}
          href={`/incidents/${encodeURIComponent(one.incident)}`}
          aria-current={one.incident === shown ? 'page' : undefined}
        >
          {one.number}. {entry(t.activate.causes, one.cause) ?? one.cause}
          <span>
            {format.moment(one.openedAt, now, reading)}
            {one.closedAt === null ? '' : ` · ${ending(one)}`}
          </span>
        </Link>
      ))}
    </nav>
  );
}
