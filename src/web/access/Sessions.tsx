import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import * as format from '../../words/format.ts';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { ask, type OwnSession, refusalOf, useAct } from './requests.ts';

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
  const revokeOthers = useAct('/api/sessions/revoke-others', ['sessions']);
  const now = Date.now();
  if (sessions.data === undefined) return null;
  return (
    <section className="card">
      <h2>{t.settings.sessions}</h2>
      <ul className="sessions">
        {sessions.data.sessions.map((session) => (
          <li key={session.id}>
            <span>
              {session.device || t.account.unknownDevice}
              <span className="soft">
                {' '}
                · {session.here ? t.settings.here : t.settings.seen(format.when('at', session.seen, now, reading))} ·{' '}
                {t.settings.since(format.when('at', session.since, now, reading))}
                {session.strength === 1 && ` · ${t.account.oneFactor}`}
              </span>
            </span>
            {!session.here && (
              <Button disabled={revoke.isPending} onClick={() => revoke.mutate(session.id)}>
                {t.settings.revoke}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.data.sessions.length > 1 && (
        <div className="account-acts">
          <Button disabled={revokeOthers.isPending} onClick={() => revokeOthers.mutate(undefined)}>
            {t.account.endOthers}
          </Button>
        </div>
      )}
      {revokeOthers.isError && <RefusalNote refusal={refusalOf(revokeOthers.error)} />}
      {revoke.isError && <RefusalNote refusal={refusalOf(revoke.error)} />}
    </section>
  );
}
