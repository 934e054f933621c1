import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { useAge, useNow, useWorld } from '../feed/World.tsx';
import { Icon } from '../parts/Icon.tsx';
import { told } from '../parts/told.ts';
import { useWords } from '../words/Words.tsx';
import './announcements.css';

/** What changes how far the whole screen may be believed, across its top: the feed lost, a view frozen, a hub that only reads. */
export function Announcements() {
  const { t, language } = useWords();
  const { feed } = useWorld();
  const age = useAge(feed.connection === 'lost' ? (feed.heardAt ?? feed.lostSince) : null);
  const readOnly = feed.world?.info.readOnly ?? null;
  const stale = Object.entries(feed.stale);
  return (
    <div className="announcements">
      {feed.connection === 'lost' && (
        <p className="announcement announcement-lost" role="alert">
          <Icon name="lost" />
          <span>
            <strong>{t.shell.lost}</strong>{' '}
            {feed.views.board === undefined ? (
              t.shell.lostNothingShown
            ) : (
              <>
                {t.shell.lostShown} <span aria-live="off">{format.secondsLong((age ?? 0) / 1000, language)}.</span>
              </>
            )}{' '}
            {t.shell.lostResumes}
          </span>
        </p>
      )}
      {feed.cut !== null && (
        <p className="announcement announcement-lost" role="alert">
          <Icon name="lock" />
          <span>
            <strong>{entry(t.refusals, feed.cut.code)?.what ?? t.shell.cut}</strong>{' '}
            <a href="/">{feed.cut.code === 'signed-out' ? t.shell.signInAgain : t.prepare.backToReal}</a>
          </span>
        </p>
      )}
      {readOnly !== null && (
        <p className="announcement announcement-warning" role="status">
          <Icon name="lock" />
          <span>
            <strong>{t.shell.readOnly}</strong> {told(readOnly, t).what} {told(readOnly, t).cure}
          </span>
        </p>
      )}
      {stale.map(([view, frozen]) => (
        <Stale key={view} view={view} since={frozen.since} />
      ))}
    </div>
  );
}

function Stale({ view, since }: { view: string; since: string }) {
  const { t, reading } = useWords();
  const now = useNow();
  return (
    <p className="announcement announcement-warning" role="status">
      <Icon name="clock" />
      <span>{t.shell.stale(entry(t.shell.views, view) ?? view, format.when('since', since, now, reading))}</span>
    </p>
  );
}
