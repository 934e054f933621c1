import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { NewPassword, PASSWORD_MIN } from './NewPassword.tsx';
import { ask, refusalOf } from './requests.ts';

/** The one-time link printed when the hub started for the first time: creates the administrator. */
export function FirstSignIn({ token }: { token: string }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [displayName, setDisplayName] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: () =>
      ask('POST', '/api/sign-in/first', { token, name: name.trim(), displayName: displayName.trim(), password }),
    onSuccess: () => {
      // The link is used up: a reload must not offer it again.
      history.replaceState(null, '', location.pathname);
      return client.invalidateQueries();
    },
  });
  const tooShort = password.length < PASSWORD_MIN;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!tooShort) create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <h1>{t.access.first}</h1>
      <p className="sign-in-lead">{t.access.firstLead}</p>
      <Field
        label={t.access.displayName}
        hint={t.access.displayNameHint}
        autoComplete="name"
        required
        value={displayName}
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <Field
        label={t.access.name}
        hint={t.access.nameHint}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <NewPassword label={t.access.password} value={password} tried={tried} onChange={setPassword} />
      {create.isError && <RefusalNote refusal={refusalOf(create.error)} />}
      <Button type="submit" look="main" size="large" disabled={create.isPending}>
        {t.access.create}
      </Button>
    </form>
  );
}
