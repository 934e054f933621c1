import { type FormEvent, useState } from 'react';
import type { AccountBody } from '../../server/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { NewPassword, PASSWORD_MIN } from './NewPassword.tsx';
import { refusalOf, useAct } from './requests.ts';

export function OwnPassword({ account: { name, hasPassword } }: { account: AccountBody }) {
  const { t } = useWords();
  const [isOpen, open] = useState(false);
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const change = useAct<{ current?: string; password: string }>('/api/account/password', ['account', 'sessions']);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (password.length < PASSWORD_MIN) return;
    change.mutate(
      { password, ...(hasPassword ? { current } : {}) },
      {
        onSuccess: () => {
          open(false);
          setCurrent('');
          setPassword('');
          setTried(false);
        },
      },
    );
  };
  return (
    <section className="card">
      <h2>{t.account.password}</h2>
      <p role="status">
        {change.isSuccess ? t.account.passwordChanged : hasPassword ? t.account.passwordOn : t.account.passwordNone}
      </p>
      {isOpen ? (
        <form className="account-form" onSubmit={submit}>
          <input
            className="visually-hidden"
            type="text"
            autoComplete="username"
            value={name}
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          {hasPassword && (
            <Field
              label={t.account.passwordCurrent}
              type="password"
              autoComplete="current-password"
              required
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
          <NewPassword label={t.account.passwordNew} value={password} tried={tried} onChange={setPassword} />
          {change.isError && <RefusalNote refusal={refusalOf(change.error)} />}
          <p className="soft">{t.account.passwordEnds}</p>
          <div className="account-acts">
            <Button type="submit" look="main" disabled={change.isPending}>
              {hasPassword ? t.account.changePassword : t.account.addPassword}
            </Button>
            <Button look="quiet" onClick={() => open(false)}>
              {t.parts.cancel}
            </Button>
          </div>
        </form>
      ) : (
        <div className="account-acts">
          <Button onClick={() => open(true)}>{hasPassword ? t.account.changePassword : t.account.addPassword}</Button>
        </div>
      )}
    </section>
  );
}
