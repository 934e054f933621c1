import type { ReactNode } from 'react';
import { Button } from '../parts/Button.tsx';
import { LanguageChoice } from '../settings/LanguageChoice.tsx';
import { BrandMark } from '../shell/Shell.tsx';
import { useWords } from '../words/Words.tsx';
import { AdministrativeBreakGlass } from './emergency/AdministrativeBreakGlass.tsx';
import { CareBreakGlass } from './emergency/CareBreakGlass.tsx';
import { ProviderReturn } from './ProviderReturn.tsx';
import type { WayIn } from './wayIn.ts';
import './sign-in.css';
import './emergency/emergency.css';

export function WayInPage({ wayIn, leave, enter }: { wayIn: WayIn; leave(): void; enter(): Promise<void> }) {
  switch (wayIn.way) {
    case 'wardCard':
      return (
        <Alone leave={leave}>
          <CareBreakGlass key={wayIn.code} scanned={wayIn.code} onEntered={enter} />
        </Alone>
      );
    case 'envelopes':
      return (
        <Alone leave={leave}>
          <AdministrativeBreakGlass onEntered={enter} />
        </Alone>
      );
    case 'provider':
      return (
        <Alone leave={leave}>
          <ProviderReturn provider={wayIn.provider} answer={wayIn.answer} onEntered={enter} />
        </Alone>
      );
  }
}

function Alone({ leave, children }: { leave(): void; children: ReactNode }) {
  const { t } = useWords();
  return (
    <main className="sign-in way-in">
      <div className="sign-in-card">
        <p className="sign-in-brand">
          <BrandMark /> Reflexe
        </p>
        {children}
        <Button look="quiet" className="way-in-back" onClick={leave}>
          {t.waysIn.back}
        </Button>
      </div>
      <LanguageChoice />
    </main>
  );
}
