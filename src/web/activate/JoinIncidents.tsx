import { useLocation } from 'wouter';
import type { IncidentView } from '../../activate/views.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

/** Two incidents open at once may be one crisis: only a person can say so, in one tap, the later going on in the earlier. */
export function JoinIncidents({ incident, incidents }: { incident: IncidentView; incidents: readonly IncidentView[] }) {
  const { t } = useWords();
  const { world } = useWorld();
  const [, go] = useLocation();
  const join = useWorldAct<{ incident: string; into: string }>(world, 'incidents/merge');
  const others = incidents.filter((one) => one.closedAt === null && one.incident !== incident.incident);
  if (incident.closedAt !== null || others.length === 0) return null;
  return (
    <section className="card join-incidents no-print" aria-label={t.activate.areTheyOne}>
      <h2>
        {t.activate.openIncidents(others.length + 1)}. {t.activate.areTheyOne}
      </h2>
      <p className="soft">{t.activate.joinMeans}</p>
      <div className="empty-acts">
        {others
          .toSorted((one, other) => one.number - other.number)
          .map((other) => {
            const [gone, into] = other.number < incident.number ? [incident, other] : [other, incident];
            return (
              <Button
                key={other.incident}
                disabled={join.isPending}
                onClick={() =>
                  join.mutate(
                    { incident: gone.incident, into: into.incident },
                    { onSuccess: () => go(`/incidents/${encodeURIComponent(into.incident)}`) },
                  )
                }
              >
                {into === other ? t.activate.joinTo(other.number) : t.activate.joinHere(other.number)}
              </Button>
            );
          })}
      </div>
      {join.isError && <RefusalNote refusal={refusalOf(join.error)} />}
    </section>
  );
}
