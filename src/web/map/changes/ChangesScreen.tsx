import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { MapVersionBody } from '../../../server/protocol.ts';
import { entry } from '../../../words/entry.ts';
import * as format from '../../../words/format.ts';
import { usePersonName } from '../../access/people.ts';
import { refusalOf } from '../../access/requests.ts';
import { useNow, useWorld } from '../../feed/World.tsx';
import { Button, buttonClass } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useMay } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';
import { MapPage } from '../MapPage.tsx';
import { Difference } from './Difference.tsx';
import { MapRefusal } from './MapRefusal.tsx';
import { mapPath, useChanges, useHistory, useUndo } from './requests.ts';
import { useThingNames } from './values.ts';
import './changes.css';

/** Drawn at once; more on demand. */
const versionsShown = 50;

/** Who changed the map, when and what; and the way back. */
export default function ChangesScreen() {
  const { t } = useWords();
  const { world, feed } = useWorld();
  const history = useHistory();
  const [asked] = useSearchParams();
  const [shown, setShown] = useState(versionsShown);
  const incident = feed.views.incidents?.incidents.find((one) => one.incident === asked.get('incident'));
  const all = history.data?.versions ?? [];
  const versions = incident?.mapChanges == null ? all : all.slice(0, incident.mapChanges);
  const undone = new Map(all.map((version) => [version.sequence, version]));
  return (
    <MapPage
      title={t.mapChanges.title}
      lead={<p>{t.mapChanges.lead}</p>}
      className="map-changes"
      tools={
        <a className={buttonClass('plain', 'usual')} href={`${mapPath(world)}/export.yaml`} download>
          {t.mapChanges.export}
        </a>
      }
    >
      {history.isError && <RefusalNote refusal={refusalOf(history.error)} onRetry={() => void history.refetch()} />}
      {incident?.mapChanges != null && (
        <p className="map-changes-since">
          <b>{t.mapChanges.sinceIncident(incident.mapChanges)}</b> · {t.mapChanges.keptMeans}{' '}
          <Link href="/map/changes">{t.mapChanges.seeAll}</Link>
        </p>
      )}
      {history.data !== undefined && all.every(({ isWhole }) => isWhole) && (
        <div className="empty">
          <h2>{t.mapChanges.none}</h2>
          <p>{t.mapChanges.noneMeans}</p>
        </div>
      )}
      <ol className="versions">
        {versions.slice(0, shown).map((version) => (
          <Version key={version.sequence} version={version} undid={undone.get(version.undoes ?? 0)} />
        ))}
      </ol>
      {versions.length > shown && (
        <Button onClick={() => setShown(shown + versionsShown)}>
          {t.mapChanges.more(Math.min(versionsShown, versions.length - shown))}
        </Button>
      )}
    </MapPage>
  );
}

function Version({ version, undid }: { version: MapVersionBody; undid: MapVersionBody | undefined }) {
  const { t, reading } = useWords();
  const now = useNow();
  const person = usePersonName();
  const may = useMay();
  const undo = useUndo();
  const [isOpen, setOpen] = useState(false);
  const { sequence, time, by, source, isWhole, undoes, undoneBy } = version;
  const counts = useCounts(version).join(' · ');
  const what = isWhole ? t.mapChanges.whole : counts;
  return (
    <li className="version" data-undone={undoneBy !== null}>
      <div className="version-head">
        <div>
          <h2>{what}</h2>
          <p className="soft">
            <time dateTime={time}>{format.when('at', time, now, reading)}</time> · {person(by)} ·{' '}
            {entry(t.mapChanges.sources, source) ?? t.mapChanges.files}
          </p>
          {undoes !== null && (
            <p className="soft">
              {undid === undefined
                ? t.mapChanges.undoesOld
                : t.mapChanges.undoes(format.when('at', undid.time, now, reading))}
            </p>
          )}
          {undoneBy !== null && <p className="version-undone">{t.mapChanges.undone}</p>}
          {isWhole && <p className="soft">{t.mapChanges.wholeMeans}</p>}
        </div>
        {!isWhole && undoneBy === null && may('map.edit') && (
          <Button size="small" disabled={undo.isPending} onClick={() => undo.mutate(sequence)}>
            {undo.isPending ? t.mapChanges.undoing : undoes === null ? t.mapChanges.undo : t.mapChanges.redo}
          </Button>
        )}
      </div>
      {undo.isError && <MapRefusal refusal={refusalOf(undo.error)} />}
      {!isWhole && (
        <details className="version-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>
            {t.mapChanges.details} <span className="visually-hidden">{what}</span>
          </summary>
          {isOpen && <Changes sequence={sequence} />}
        </details>
      )}
    </li>
  );
}

/** `Ajout : 3 composants, 1 site`, `Retrait : 1 service`. */
function useCounts({ counts }: MapVersionBody): string[] {
  const { t } = useWords();
  const said = (how: 'added' | 'changed' | 'removed') =>
    Object.entries(counts).flatMap(([section, count]) => {
      const things = entry(t.mapChanges.things, section);
      return things === undefined || count[how] === 0 ? [] : [things(count[how])];
    });
  return (['added', 'changed', 'removed'] as const).flatMap((how) => {
    const what = said(how);
    return what.length === 0 ? [] : [t.mapChanges[how](what.join(', '))];
  });
}

function Changes({ sequence }: { sequence: number }) {
  const { t, say } = useWords();
  const changes = useChanges(sequence);
  const shown = changes.data?.pages.flatMap((page) => page.changes) ?? [];
  const count = changes.data?.pages[0]?.count ?? 0;
  const names = useThingNames();
  // What was taken off the map since is named by what it was.
  const named = new Map(shown.map(({ id, from, to }) => [id, to?.name ?? from?.name]));
  const nameOf = (id: string) => {
    const name = named.get(id);
    return name === undefined ? names(id) : typeof name === 'string' ? name : say(name);
  };
  return (
    <>
      {changes.isPending && <p className="soft">{t.parts.opening}</p>}
      {changes.isError && <RefusalNote refusal={refusalOf(changes.error)} onRetry={() => void changes.refetch()} />}
      <ul className="differences">
        {shown.map((change) => (
          <Difference key={`${change.section} ${change.id}`} change={change} nameOf={nameOf} />
        ))}
      </ul>
      {changes.hasNextPage && (
        <Button size="small" disabled={changes.isFetching} onClick={() => void changes.fetchNextPage()}>
          {t.mapChanges.more(count - shown.length)}
        </Button>
      )}
    </>
  );
}
