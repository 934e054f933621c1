import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { AccountBody } from '../../server/protocol.ts';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { ApiTokens } from './ApiTokens.tsx';
import { OwnPassword } from './OwnPassword.tsx';
import { Passkeys } from './Passkeys.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { ask, refusalOf, useAct } from './requests.ts';
import { Sessions } from './Sessions.tsx';
import { Totp } from './Totp.tsx';
import './account.css';

const useAccount = () => useQuery({ queryKey: ['account'], queryFn: () => ask<AccountBody>('GET', '/api/account') });

/** What one enters with, and where one has entered. */
export function Account() {
  const { t } = useWords();
  const account = useAccount();
  return (
    <Page
      title={t.account.title}
      lead={t.account.lead}
      className="account"
      tools={
        <Link href="/settings" className="button button-plain">
          {t.account.back}
        </Link>
      }
    >
      {account.isError && <RefusalNote refusal={refusalOf(account.error)} onRetry={() => void account.refetch()} />}
      {account.data !== undefined && (
        <>
          <Passkeys account={account.data} />
          <Totp account={account.data} />
          <RecoveryCodes account={account.data} />
          <OwnPassword account={account.data} />
          <Sessions />
          <ApiTokens account={account.data} />
        </>
      )}
    </Page>
  );
}

/** On a hub that demands two factors: the only thing somebody with one can do. */
export function Enrolment() {
  const { t } = useWords();
  const account = useAccount();
  const signOut = useAct('/api/sign-out', ['session']);
  return (
    <main className="account account-enrolment">
      <title>{`${t.account.enrol} · Reflexe`}</title>
      <h1>{t.account.enrol}</h1>
      <p className="soft">{t.account.enrolLead}</p>
      {account.isError && <RefusalNote refusal={refusalOf(account.error)} onRetry={() => void account.refetch()} />}
      {account.data !== undefined && (
        <>
          <Passkeys account={account.data} />
          <Totp account={account.data} />
        </>
      )}
      <Button look="quiet" disabled={signOut.isPending} onClick={() => signOut.mutate(undefined)}>
        {t.settings.signOut}
      </Button>
    </main>
  );
}
