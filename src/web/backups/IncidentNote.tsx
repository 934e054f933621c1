import { Link } from 'wouter';
import type { BackupsView } from '../../restore/nights/views.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';
import { nightTime } from './times.ts';

/** Care comes first: nothing is tried out meanwhile, and what the restoration chose is told. */
export function IncidentNote({ view }: { view: BackupsView }) {
  const { t, say, reading } = useWords();
  const { feed } = useWorld();
  const now = useNow();
  const isOpen = feed.views.incidents?.incidents.some(({ closedAt }) => closedAt === null) ?? false;
  if (!isOpen) return null;
  const recovery = feed.views.restoration?.recoveries.find(({ closed }) => closed === null);
  const chosen = (recovery?.components ?? []).flatMap(({ component, name, snapshot }) =>
    snapshot === null || !view.components.some((one) => one.component === component)
      ? []
      : { component, name, snapshot },
  );
  return (
    <section className="card backups-incident">
      <Icon name="incident" />
      <div>
        <p>
          <strong>{t.backups.incident}</strong>
        </p>
        {chosen.map(({ component, name, snapshot }) => (
          <p key={component}>{t.backups.incidentChose(say(name), nightTime(snapshot.horizon, now, reading))}</p>
        ))}
        {recovery !== undefined && <Link href="/restoration">{t.backups.incidentSeen}</Link>}
      </div>
    </section>
  );
}
