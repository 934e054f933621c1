import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { AccountBody, TotpBody } from '../../server/protocol.ts';
import * as format from '../../words/format.ts';
import { Button } from '../parts/Button.tsx';
import { QrCode } from '../parts/QrCode.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { CodeField } from './CodeField.tsx';
import { ask, refusalOf, useAct } from './requests.ts';

export function Totp({ account: { totp } }: { account: AccountBody }) {
  const { t, reading } = useWords();
  const begin = useAct<undefined, TotpBody>('/api/account/totp/begin');
  const remove = useAct('/api/account/totp/remove', ['account', 'sessions']);
  const failed = begin.error ?? remove.error;
  return (
    <section className="card">
      <div>
        <h2>{t.account.totp}</h2>
        <p className="soft">{t.account.totpLead}</p>
      </div>
      {totp !== null && <p>{t.account.totpOn(format.when('at', totp.since, Date.now(), reading))}</p>}
      {totp !== null && totp.skewSeconds !== 0 && (
        <p className="account-warning">{t.account.totpSkew(totp.skewSeconds)}</p>
      )}
      {failed !== null && <RefusalNote refusal={refusalOf(failed)} />}
      {begin.data === undefined ? (
        <div className="account-acts">
          <Button disabled={begin.isPending} onClick={() => begin.mutate(undefined)}>
            {totp === null ? t.account.addTotp : t.account.replaceTotp}
          </Button>
          {totp !== null && (
            <Button
              aria-label={t.account.removeThis(t.account.totp)}
              disabled={remove.isPending}
              onClick={() => remove.mutate(undefined)}
            >
              {t.account.remove}
            </Button>
          )}
        </div>
      ) : (
        <Enrol begun={begin.data} onDone={begin.reset} />
      )}
    </section>
  );
}

function Enrol({ begun, onDone }: { begun: TotpBody; onDone(): void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => ask<AccountBody>('POST', '/api/account/totp/confirm', { code }),
    onSuccess: () => {
      onDone();
      return client.invalidateQueries();
    },
    onError: () => setCode(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form className="account-form" onSubmit={submit}>
      <p>{t.account.scan}</p>
      <QrCode text={begun.uri} label={t.account.scanLabel} />
      <p>
        {t.account.orType} <code className="account-secret">{begun.secret.match(/.{1,4}/g)?.join(' ')}</code>
      </p>
      <CodeField label={t.account.firstCode} value={code} onChange={setCode} />
      {confirm.isError && <RefusalNote refusal={refusalOf(confirm.error)} />}
      <div className="account-acts">
        <Button type="submit" look="main" disabled={confirm.isPending}>
          {t.account.confirm}
        </Button>
        <Button look="quiet" onClick={onDone}>
          {t.parts.cancel}
        </Button>
      </div>
    </form>
  );
}
