import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { AccountBody, RightsBody } from '../../server/protocol.ts';
import * as format from '../../words/format.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useGrantWords } from '../people/grants.ts';
import { useWords } from '../words/Words.tsx';
import { ask, refusalOf, useAct } from './requests.ts';

const durations = [30, 90, 365];

/** Tokens of programs: shown to whoever may make them, or still has some. */
export function ApiTokens({ account: { tokens } }: { account: AccountBody }) {
  const { t, reading } = useWords();
  const grantWords = useGrantWords();
  const now = Date.now();
  const rights = useQuery({ queryKey: ['rights'], queryFn: () => ask<RightsBody>('GET', '/api/rights') });
  const end = useAct<{ token: string }>('/api/account/tokens/end', ['account']);
  const mayMake = rights.data?.acts.includes('token.manage') ?? false;
  if (!mayMake && tokens.length === 0) return null;
  return (
    <section className="card">
      <div>
        <h2>{t.account.tokens}</h2>
        <p className="soft">{t.account.tokensLead}</p>
      </div>
      {tokens.length > 0 && (
        <ul className="account-list">
          {tokens.map((token) => (
            <li key={token.id}>
              <div>
                <p className="account-name">{token.label}</p>
                <p className="soft">
                  {[
                    token.grants.map(grantWords).join(', '),
                    token.used === null
                      ? t.account.neverUsed
                      : t.account.used(format.when('at', token.used, now, reading)),
                    Date.parse(token.until) > now
                      ? t.account.tokenUntil(format.when('at', token.until, now, reading))
                      : t.account.tokenEnded(format.when('at', token.until, now, reading)),
                  ].join(' · ')}
                </p>
              </div>
              <div className="account-acts">
                <Button
                  aria-label={t.account.endToken(token.label)}
                  disabled={end.isPending}
                  onClick={() => end.mutate({ token: token.id })}
                >
                  {t.account.remove}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {end.isError && <RefusalNote refusal={refusalOf(end.error)} />}
      {mayMake && <MakeToken grants={rights.data?.grants ?? []} />}
    </section>
  );
}

function MakeToken({ grants }: { grants: RightsBody['grants'] }) {
  const { t } = useWords();
  const grantWords = useGrantWords();
  const [isOpen, open] = useState(false);
  const [label, setLabel] = useState('');
  const [right, setRight] = useState(0);
  const [days, setDays] = useState(durations[0] ?? 30);
  const make = useAct<{ label: string; grants: RightsBody['grants']; days: number }, { token: string }>(
    '/api/account/tokens',
    ['account'],
  );
  if (make.data !== undefined) {
    return (
      <div className="account-form">
        <p>{t.account.tokenOnce}</p>
        <code className="account-secret">{make.data.token}</code>
        <div className="account-acts">
          <Button
            look="main"
            onClick={() => {
              make.reset();
              setLabel('');
              open(false);
            }}
          >
            {t.account.done}
          </Button>
        </div>
      </div>
    );
  }
  if (!isOpen) {
    return (
      <div className="account-acts">
        <Button onClick={() => open(true)}>{t.account.addToken}</Button>
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ label, grants: grants.slice(right, right + 1), days });
  };
  return (
    <form className="account-form" onSubmit={submit}>
      <Field
        label={t.account.tokenLabel}
        required
        maxLength={100}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
      <div className="field">
        <label htmlFor="token-right">{t.account.tokenRight}</label>
        <select id="token-right" value={right} onChange={(event) => setRight(Number(event.target.value))}>
          {grants.map((grant, at) => (
            <option key={JSON.stringify(grant)} value={at}>
              {grantWords(grant)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor="token-days">{t.account.tokenDays}</label>
        <select id="token-days" value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {durations.map((each) => (
            <option key={each} value={each}>
              {t.account.days(each)}
            </option>
          ))}
        </select>
      </div>
      {make.isError && <RefusalNote refusal={refusalOf(make.error)} />}
      <div className="account-acts">
        <Button type="submit" look="main" disabled={make.isPending}>
          {t.account.makeToken}
        </Button>
        <Button look="quiet" onClick={() => open(false)}>
          {t.parts.cancel}
        </Button>
      </div>
    </form>
  );
}
