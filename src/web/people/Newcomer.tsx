import { type FormEvent, useState } from 'react';
import type { Grant } from '../../access/roles.ts';
import type { InvitedBody } from '../../server/protocol.ts';
import { refusalOf, useAct } from '../access/requests.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { Grants } from './Grants.tsx';

/** Somebody new: who they are, what they may do; they choose how they sign in themselves, from the link. */
export function Newcomer({ onInvited }: { onInvited(invited: InvitedBody): void }) {
  const { t } = useWords();
  const [displayName, setDisplayName] = useState('');
  const [name, setName] = useState('');
  const [grants, setGrants] = useState<Grant[]>([{ role: 'clinician', scope: 'establishment' }]);
  const invite = useAct<{ name: string; displayName: string; grants: Grant[] }, InvitedBody>('/api/people', ['people']);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ name, displayName, grants }, { onSuccess: onInvited });
  };
  return (
    <form className="people-form" onSubmit={submit}>
      <Field
        label={t.access.displayName}
        hint={t.access.displayNameHint}
        value={displayName}
        onChange={({ target }) => setDisplayName(target.value)}
        autoComplete="off"
        required
      />
      <Field
        label={t.access.name}
        hint={t.access.nameHint}
        value={name}
        onChange={({ target }) => setName(target.value.replace(/\s/g, ''))}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <Grants value={grants} onChange={setGrants} />
      {invite.isError && <RefusalNote refusal={refusalOf(invite.error)} />}
      <Button type="submit" look="main" size="large" disabled={invite.isPending}>
        {t.people.makeLink}
      </Button>
    </form>
  );
}
