import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { LinkBody, SessionBody } from '../../server/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { FirstSignIn } from './FirstSignIn.tsx';
import { NewPassword, PASSWORD_MIN } from './NewPassword.tsx';
import { OwnSignIn } from './OwnSignIn.tsx';
import { makePasskey } from './passkey.ts';
import { ask, Refused, refusalOf } from './requests.ts';

/** A one-time link: the first administrator’s, a newcomer’s, or that of somebody who lost their telephone. */
export function LinkSignIn({ token, isNew }: { token: string; isNew: boolean }) {
  const { t } = useWords();
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => ask<LinkBody>('POST', '/api/links/look', { token }),
    retry: (count, error) => count < 2 && error instanceof Refused && error.refusal.retryable,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (link.isPending) return <p aria-busy="true">{t.signIn.linkWait}</p>;
  if (link.isError) {
    const { code } = refusalOf(link.error);
    if (code !== 'invitation-not-valid') return <RefusalNote refusal={refusalOf(link.error)} />;
    return <OwnSignIn isNew={isNew} note={t.accessRefusals['invitation-not-valid'].what} />;
  }
  return link.data.kind === 'first' ? <FirstSignIn token={token} /> : <Invited token={token} link={link.data} />;
}

function Invited({ token, link }: { token: string; link: Exclude<LinkBody, { kind: 'first' }> }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const entered = () => {
    // The link is used up: a reload must not offer it again.
    history.replaceState(null, '', location.pathname);
    return client.invalidateQueries();
  };
  const [deviceName = ''] = t.account.passkeyNames;
  const byPasskey = useMutation({
    mutationFn: () => makePasskey<SessionBody>({ path: '/api/links/passkey', body: { token, name: deviceName } }),
    onSuccess: entered,
  });
  const byPassword = useMutation({
    mutationFn: () => ask<SessionBody>('POST', '/api/links/password', { token, password }),
    onSuccess: entered,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (password.length >= PASSWORD_MIN) byPassword.mutate();
  };
  const isBusy = byPasskey.isPending || byPassword.isPending;
  return (
    <div className="sign-in-ways">
      <h1>{t.signIn.welcome(link.displayName)}</h1>
      <p className="sign-in-lead">{link.kind === 'reset' ? t.signIn.resetLead : t.signIn.welcomeLead}</p>
      <p>{t.signIn.yourName(link.name)}</p>
      <div className="sign-in-passkey">
        <Button look="main" size="large" icon="lock" disabled={isBusy} onClick={() => byPasskey.mutate()}>
          {t.signIn.makePasskey}
        </Button>
        <p className="sign-in-aside">{t.signIn.makePasskeyHint}</p>
        {byPasskey.isError && <RefusalNote refusal={refusalOf(byPasskey.error)} />}
        <p className="sign-in-or">
          <span>{t.signIn.or}</span>
        </p>
      </div>
      <form onSubmit={submit}>
        {/* So that a password keeper files the password under the right name. */}
        <input
          className="visually-hidden"
          type="text"
          autoComplete="username"
          value={link.name}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <NewPassword label={t.signIn.orPassword} value={password} tried={tried} onChange={setPassword} />
        {byPassword.isError && <RefusalNote refusal={refusalOf(byPassword.error)} />}
        <Button type="submit" size="large" disabled={isBusy}>
          {t.signIn.choosePassword}
        </Button>
      </form>
    </div>
  );
}
