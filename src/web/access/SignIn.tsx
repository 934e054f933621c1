import { type ReactNode, useState } from 'react';
import { LanguageChoice } from '../settings/LanguageChoice.tsx';
import { BrandMark } from '../shell/Shell.tsx';
import { useWords } from '../words/Words.tsx';
import { LinkSignIn } from './LinkSignIn.tsx';
import { OtherWays } from './OtherWays.tsx';
import { OwnSignIn } from './OwnSignIn.tsx';
import './sign-in.css';

/** The token stands after the `#`, which browsers keep to themselves: it never reaches a log. */
function linkToken(): string | null {
  const after = new URLSearchParams(location.hash.slice(1));
  return after.get('first') ?? after.get('link');
}

export function SignIn({ isNew }: { isNew: boolean }) {
  const [token] = useState(linkToken);
  return (
    <SignInFrame>
      {token === null ? <OwnSignIn isNew={isNew} /> : <LinkSignIn token={token} isNew={isNew} />}
      {token === null && !isNew && <OtherWays />}
    </SignInFrame>
  );
}

export function SignInFrame({ children }: { children: ReactNode }) {
  const { t } = useWords();
  return (
    <main className="sign-in">
      <title>{`${t.access.signIn} · Reflexe`}</title>
      <div className="sign-in-card">
        <p className="sign-in-brand">
          <BrandMark /> Reflexe
        </p>
        {children}
      </div>
      <LanguageChoice />
    </main>
  );
}
