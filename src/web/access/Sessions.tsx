import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import * as format from '../../words/format.ts';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { ask, type OwnSession, refusalOf } from './requests.ts';

/** Where one is signed in; a lost phone is closed from here. */
export function Sessions() {
  const { t, reading } = useWords();
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: () => ask<{ sessions: OwnSession[] }>('GET', '/api/sessions'),
  });
  const revoke = useMutation({
    mutationFn: (session: string) => ask('POST', '/api/sessions/revoke', { session }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  });
  const now = Date.now();
  if (sessions.data === undefined) return null;
  return (
    <section className="card">
      <h2>{t.settings.sessions}</h2>
      <ul className="sessions">
        {sessions.data.sessions.map((session) => (
          <li key={session.id}>
            <span>
              {t.settings.since(format.when('at', session.since, now, reading))}
              <span className="soft">
                {' '}
                · {session.here ? t.settings.here : t.settings.seen(format.when('at', session.seen, now, reading))}
              </span>
            </span>
            {!session.here && (
              <Button size="small" disabled={revoke.isPending} onClick={() => revoke.mutate(session.id)}>
                {t.settings.revoke}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {revoke.isError && <RefusalNote refusal={refusalOf(revoke.error)} />}
    </section>
  );
}
