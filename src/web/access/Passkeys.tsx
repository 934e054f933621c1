import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { AccountBody, PasskeyBody } from '../../server/protocol.ts';
import * as format from '../../words/format.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { makePasskey } from './passkey.ts';
import { refusalOf, useAct } from './requests.ts';

export function Passkeys({ account }: { account: AccountBody }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [name, setName] = useState<string>();
  const suggested = t.account.passkeyNames[Math.min(account.passkeys.length, t.account.passkeyNames.length - 1)] ?? '';
  const add = useMutation({
    mutationFn: (called: string) => makePasskey({ path: '/api/account/passkeys', body: { name: called } }),
    onSuccess: () => {
      setName(undefined);
      return client.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate((name ?? suggested).trim());
  };
  return (
    <section className="card">
      <div>
        <h2>{t.account.passkeys}</h2>
        <p className="soft">{t.account.passkeysLead}</p>
      </div>
      {account.passkeys.length === 0 && <p>{t.account.noPasskey}</p>}
      {account.passkeys.length > 0 && (
        <ul className="account-list">
          {account.passkeys.map((passkey) => (
            <Passkey key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
      {account.canMakePasskeys ? (
        <form className="account-form" onSubmit={submit}>
          <Field
            label={t.account.passkeyName}
            hint={t.account.passkeyNameHint}
            required
            maxLength={100}
            value={name ?? suggested}
            onChange={(event) => setName(event.target.value)}
          />
          {add.isError && <RefusalNote refusal={refusalOf(add.error)} />}
          <Button
            type="submit"
            look={account.passkeys.length === 0 ? 'main' : 'plain'}
            icon="lock"
            disabled={add.isPending}
          >
            {t.account.addPasskey}
          </Button>
        </form>
      ) : (
        <p>{t.account.noPasskeyHere}</p>
      )}
    </section>
  );
}

function Passkey({ passkey }: { passkey: PasskeyBody }) {
  const { t, reading } = useWords();
  const now = Date.now();
  const [name, setName] = useState<string | null>(null);
  const rename = useAct<{ passkey: string; name: string }>('/api/account/passkeys/rename', ['account']);
  const remove = useAct<{ passkey: string }>('/api/account/passkeys/remove', ['account', 'sessions']);
  const failed = rename.error ?? remove.error;
  const facts = [
    t.account.made(format.when('at', passkey.made, now, reading)),
    passkey.used === null ? t.account.neverUsed : t.account.used(format.when('at', passkey.used, now, reading)),
    ...(passkey.isSynced ? [t.account.synced] : []),
  ];
  if (name !== null) {
    const submit = (event: FormEvent) => {
      event.preventDefault();
      rename.mutate({ passkey: passkey.id, name: name.trim() }, { onSuccess: () => setName(null) });
    };
    return (
      <li>
        <form className="account-form" onSubmit={submit}>
          <Field
            label={t.account.passkeyName}
            required
            maxLength={100}
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          {failed !== null && <RefusalNote refusal={refusalOf(failed)} />}
          <div className="account-acts">
            <Button type="submit" look="main" disabled={rename.isPending}>
              {t.account.save}
            </Button>
            <Button look="quiet" onClick={() => setName(null)}>
              {t.parts.cancel}
            </Button>
          </div>
        </form>
      </li>
    );
  }
  return (
    <li>
      <div>
        <p className="account-name">{passkey.name}</p>
        <p className="soft">{facts.join(' · ')}</p>
        {passkey.isSuspect && <p className="account-warning">{t.account.suspect}</p>}
        {passkey.isElsewhere && <p className="account-warning">{t.account.elsewhere}</p>}
        {failed !== null && <RefusalNote refusal={refusalOf(failed)} />}
      </div>
      <div className="account-acts">
        <Button aria-label={t.account.renameThis(passkey.name)} onClick={() => setName(passkey.name)}>
          {t.account.rename}
        </Button>
        <Button
          aria-label={t.account.removeThis(passkey.name)}
          disabled={remove.isPending}
          onClick={() => remove.mutate({ passkey: passkey.id })}
        >
          {t.account.remove}
        </Button>
      </div>
    </li>
  );
}
