import { type FormEvent, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { LanguageChoice } from '../settings/LanguageChoice.tsx';
import { BrandMark } from '../shell/Shell.tsx';
import { useWords } from '../words/Words.tsx';
import { FirstSignIn } from './FirstSignIn.tsx';
import { refusalOf, useAct } from './requests.ts';
import './sign-in.css';

export function SignIn({ isNew }: { isNew: boolean }) {
  const { t } = useWords();
  // The token stands after the `#`, which browsers keep to themselves: it never reaches a log.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('first'));
  return (
    <main className="sign-in">
      <title>{`${t.access.signIn} · Reflexe`}</title>
      <div className="sign-in-card">
        <p className="sign-in-brand">
          <BrandMark /> Reflexe
        </p>
        {token !== null && isNew ? (
          <FirstSignIn token={token} />
        ) : (
          <PasswordSignIn isNew={isNew} linkUsed={token !== null} />
        )}
      </div>
      <LanguageChoice />
    </main>
  );
}

function PasswordSignIn({ isNew, linkUsed }: { isNew: boolean; linkUsed: boolean }) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useAct<{ name: string; password: string }>('/api/sign-in', ['session']);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ name: name.trim(), password });
  };
  return (
    <form onSubmit={submit}>
      <h1>{t.access.signIn}</h1>
      {linkUsed && <p className="sign-in-lead">{t.refusals['first-link-not-valid'].what}</p>}
      <Field
        label={t.access.name}
        name="username"
        autoComplete="username"
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
      {signIn.isError && <RefusalNote refusal={refusalOf(signIn.error)} />}
      <Button type="submit" look="main" size="large" disabled={signIn.isPending}>
        {t.access.enter}
      </Button>
      <p className="sign-in-aside">{isNew ? t.access.firstNeeded : t.access.noAccount}</p>
    </form>
  );
}
