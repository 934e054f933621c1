import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { AskedBody, SessionBody } from '../../server/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { CodeField } from './CodeField.tsx';
import { signWithPasskey } from './passkey.ts';
import { ask, refusalOf } from './requests.ts';

type Way = 'code' | 'key' | 'recoveryCode';

/** After the password: a code, a passkey, or a code from paper, whichever this person has. */
export function SecondFactor({
  asked: { ticket, factors },
  onEntered,
  onBack,
}: {
  asked: AskedBody['asked'];
  onEntered(): void;
  onBack(): void;
}) {
  const { t } = useWords();
  const [way, setWay] = useState<Way>(factors.includes('code') ? 'code' : 'key');
  const [code, setCode] = useState('');
  const enter = useMutation({
    mutationFn: () =>
      way === 'key'
        ? signWithPasskey<SessionBody>({ path: '/api/sign-in/key', body: { ticket } })
        : ask<SessionBody>('POST', way === 'code' ? '/api/sign-in/code' : '/api/sign-in/recovery-code', {
            ticket,
            code,
          }),
    onSuccess: onEntered,
    onError: () => setCode(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  const turnTo = (another: Way) => {
    enter.reset();
    setCode('');
    setWay(another);
  };
  const others = factors.filter((factor) => factor !== way);
  const names: { [way in Way]: string } = {
    code: t.signIn.withCode,
    key: t.signIn.key,
    recoveryCode: t.signIn.recovery,
  };
  return (
    <form onSubmit={submit}>
      <h1>{t.access.signIn}</h1>
      <p className="sign-in-lead">{t.signIn.codeLead}</p>
      {way === 'code' && (
        <CodeField label={t.signIn.code} hint={t.signIn.codeHint} value={code} onChange={setCode} autoFocus />
      )}
      {way === 'recoveryCode' && (
        <Field
          label={t.signIn.recoveryCode}
          hint={t.signIn.recoveryHint}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          required
          autoFocus
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      {enter.isError && <RefusalNote refusal={refusalOf(enter.error)} />}
      <Button type="submit" look="main" size="large" disabled={enter.isPending}>
        {way === 'key' ? t.signIn.key : t.access.enter}
      </Button>
      <div className="sign-in-others">
        {others.map((other) => (
          <Button key={other} look="quiet" onClick={() => turnTo(other)}>
            {names[other]}
          </Button>
        ))}
        <Button look="quiet" onClick={onBack}>
          {t.signIn.back}
        </Button>
      </div>
    </form>
  );
}
