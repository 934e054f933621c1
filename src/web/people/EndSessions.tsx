import { refusalOf, useAct } from '../access/requests.ts';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

/** Of one person, or of everybody but oneself: what they sign in with stays. */
export function EndSessions({ person, count }: { person?: string; count: number }) {
  const { t } = useWords();
  const end = useAct<{ person?: string }>('/api/people/end-sessions', ['people', 'sessions']);
  const isAll = person === undefined;
  // Under the page’s own heading, or under the panel’s.
  const Heading = isAll ? 'h2' : 'h3';
  return (
    <section className="people-sessions">
      <Heading>{t.people.sessions(count)}</Heading>
      <p className="soft">{isAll ? t.people.endAllMeans : t.people.endSessionsMeans}</p>
      {end.isError && <RefusalNote refusal={refusalOf(end.error)} />}
      <HoldButton look="plain" disabled={end.isPending} onHeld={() => end.mutate(isAll ? {} : { person })}>
        {isAll ? t.people.endAll : t.people.endSessions}
      </HoldButton>
    </section>
  );
}
