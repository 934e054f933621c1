import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { AccountBody } from '../../server/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { Panel } from '../parts/Panel.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { CodeField } from './CodeField.tsx';
import { signWithPasskey } from './passkey.ts';
import { ask, provesBy, refusalOf } from './requests.ts';
import './sign-in.css';

/** Opens by itself when an act asks for a recent proof; the act is then done, and what was typed was never lost. */
export function ProofCard() {
  const { t } = useWords();
  const [isAsked, setAsked] = useState(false);
  const answers = useRef<((proved: boolean) => void)[]>([]);
  useEffect(
    () =>
      provesBy(
        () =>
          new Promise((resolve) => {
            answers.current.push(resolve);
            setAsked(true);
          }),
      ),
    [],
  );
  if (!isAsked) return null;
  const close = (proved: boolean) => {
    for (const answer of answers.current.splice(0)) answer(proved);
    setAsked(false);
  };
  return (
    <Panel title={t.account.prove} onClose={() => close(false)}>
      <p>{t.account.proveLead}</p>
      <Proof onProved={() => close(true)} />
    </Panel>
  );
}

function Proof({ onProved }: { onProved(): void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const account = useQuery({ queryKey: ['account'], queryFn: () => ask<AccountBody>('GET', '/api/account') });
  const proved = () => {
    onProved();
    return client.invalidateQueries({ queryKey: ['session'] });
  };
  const byPasskey = useMutation({
    mutationFn: () => signWithPasskey({ path: '/api/session/prove/passkey' }),
    onSuccess: proved,
  });
  const byPassword = useMutation({
    mutationFn: () => ask('POST', '/api/session/prove', { password, ...(code === '' ? {} : { code }) }),
    onSuccess: proved,
    onError: () => setCode(''),
  });
  if (account.isError) return <RefusalNote refusal={refusalOf(account.error)} onRetry={() => void account.refetch()} />;
  if (account.data === undefined) return <p aria-busy="true">{t.parts.opening}</p>;
  const { passkeys, hasPassword, totp } = account.data;
  const hasPasskey = passkeys.some(({ isElsewhere }) => !isElsewhere);
  const takesPassword = hasPassword && (totp !== null || passkeys.length === 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    byPassword.mutate();
  };
  return (
    <div className="sign-in-ways">
      {hasPasskey && (
        <div className="sign-in-passkey">
          <Button
            look="main"
            size="large"
            icon="lock"
            disabled={byPasskey.isPending}
            onClick={() => byPasskey.mutate()}
          >
            {t.signIn.key}
          </Button>
          {byPasskey.isError && <RefusalNote refusal={refusalOf(byPasskey.error)} />}
        </div>
      )}
      {takesPassword && (
        <form onSubmit={submit}>
          <Field
            label={t.account.provePassword}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          {totp !== null && <CodeField label={t.account.proveCode} value={code} onChange={setCode} />}
          {byPassword.isError && <RefusalNote refusal={refusalOf(byPassword.error)} />}
          <Button type="submit" look={hasPasskey ? 'plain' : 'main'} disabled={byPassword.isPending}>
            {t.account.proveEnter}
          </Button>
        </form>
      )}
    </div>
  );
}
