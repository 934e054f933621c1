import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import type { AskedBody, SessionBody } from '../../server/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { offerPasskeys, signWithPasskey, stopOffering } from './passkey.ts';
import { ask, refusalOf } from './requests.ts';
import { SecondFactor } from './SecondFactor.tsx';

const PASSKEY = '/api/sign-in/passkey';

/** By passkey in one gesture; by name and password, then what proves it further, where there is no passkey at hand. */
export function OwnSignIn({ isNew, note }: { isNew: boolean; note?: string | undefined }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [asked, setAsked] = useState<AskedBody['asked'] | null>(null);
  const entered = () => client.invalidateQueries();
  if (asked !== null) return <SecondFactor asked={asked} onEntered={entered} onBack={() => setAsked(null)} />;
  return (
    <div className="sign-in-ways">
      <h1>{t.access.signIn}</h1>
      {note !== undefined && <p className="sign-in-lead">{note}</p>}
      {!isNew && <ByPasskey onEntered={entered} />}
      <ByPassword isNew={isNew} onEntered={entered} onAsked={setAsked} />
    </div>
  );
}

function ByPasskey({ onEntered }: { onEntered(): void }) {
  const { t } = useWords();
  const enter = useMutation({ mutationFn: () => signWithPasskey({ path: PASSKEY }), onSuccess: onEntered });
  const [refused, setRefused] = useState<unknown>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: offered once, when the page opens
  useEffect(() => {
    void offerPasskeys(PASSKEY, setRefused).then((entered) => entered && onEntered());
    return stopOffering;
  }, []);
  const error = enter.error ?? refused;
  return (
    <div className="sign-in-passkey">
      <Button look="main" size="large" icon="lock" disabled={enter.isPending} onClick={() => enter.mutate()}>
        {t.signIn.passkey}
      </Button>
      <p className="sign-in-aside">{t.signIn.passkeyHint}</p>
      {error !== null && <RefusalNote refusal={refusalOf(error)} />}
      <p className="sign-in-or">
        <span>{t.signIn.or}</span>
      </p>
    </div>
  );
}

function ByPassword({
  isNew,
  onEntered,
  onAsked,
}: {
  isNew: boolean;
  onEntered(): void;
  onAsked(asked: AskedBody['asked']): void;
}) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({
    mutationFn: () => ask<SessionBody | AskedBody>('POST', '/api/sign-in', { name: name.trim(), password }),
    onSuccess: (answer) => ('asked' in answer ? onAsked(answer.asked) : onEntered()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Field
        label={t.access.name}
        name="username"
        // `webauthn`: passkeys stand among what the browser offers to fill in here.
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={t.access.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {enter.isError && <RefusalNote refusal={refusalOf(enter.error)} />}
      <Button type="submit" look={isNew ? 'main' : 'plain'} size="large" disabled={enter.isPending}>
        {t.access.enter}
      </Button>
      <p className="sign-in-aside">{isNew ? t.access.firstNeeded : t.access.noAccount}</p>
    </form>
  );
}
