import { useState } from 'react';
import type { Grant } from '../../access/roles.ts';
import type { InvitedBody } from '../../server/protocol.ts';
import { refusalOf, useAct } from '../access/requests.ts';
import { Button } from '../parts/Button.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { EndSessions } from './EndSessions.tsx';
import { Grants } from './Grants.tsx';
import type { Someone } from './People.tsx';

/** What an administrator does for somebody: their rights, a new link, a lost telephone, the end of their account. */
export function PersonPanel({
  person,
  onLink,
  onClosed,
}: {
  person: Someone;
  onLink(invited: InvitedBody): void;
  onClosed(): void;
}) {
  const { t } = useWords();
  const [grants, setGrants] = useState<Grant[]>(person.grants);
  const change = useAct<{ person: string; grants: Grant[] }>('/api/people/grants', ['people', 'rights']);
  const invite = useAct<{ person: string }, InvitedBody>('/api/people/invite', ['people']);
  const reset = useAct<{ person: string }, InvitedBody>('/api/people/reset', ['people']);
  const close = useAct<{ person: string }>('/api/people/close', ['people']);
  const failed = change.error ?? invite.error ?? reset.error ?? close.error;
  const here = { person: person.id };
  const isChanged = JSON.stringify(grants) !== JSON.stringify(person.grants);
  return (
    <div className="people-form">
      {failed !== null && <RefusalNote refusal={refusalOf(failed)} />}
      <Grants value={grants} onChange={setGrants} />
      <Button look="main" disabled={!isChanged || change.isPending} onClick={() => change.mutate({ ...here, grants })}>
        {change.isSuccess && !isChanged ? t.people.saved : t.people.saveRights}
      </Button>
      <section>
        <h3>{t.people.newLink}</h3>
        <p className="soft">{t.people.newLinkMeans}</p>
        <Button disabled={invite.isPending} onClick={() => invite.mutate(here, { onSuccess: onLink })}>
          {t.people.newLink}
        </Button>
      </section>
      {person.sessions > 0 && <EndSessions person={person.id} count={person.sessions} />}
      <section>
        <h3>{t.people.lost}</h3>
        <p className="soft">{t.people.lostMeans}</p>
        <HoldButton look="plain" disabled={reset.isPending} onHeld={() => reset.mutate(here, { onSuccess: onLink })}>
          {t.people.reset}
        </HoldButton>
      </section>
      <section>
        <h3>{t.people.leaves}</h3>
        <p className="soft">{t.people.leavesMeans}</p>
        <HoldButton look="plain" disabled={close.isPending} onHeld={() => close.mutate(here, { onSuccess: onClosed })}>
          {t.people.close}
        </HoldButton>
      </section>
    </div>
  );
}
