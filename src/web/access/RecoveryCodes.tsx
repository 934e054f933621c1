import { useRef } from 'react';
import type { AccountBody } from '../../server/protocol.ts';
import * as format from '../../words/format.ts';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { printSheet } from '../parts/sheet.ts';
import { useWords } from '../words/Words.tsx';
import { refusalOf, useAct } from './requests.ts';

export function RecoveryCodes({ account }: { account: AccountBody }) {
  const { t, reading } = useWords();
  const sheet = useRef<HTMLDivElement>(null);
  const make = useAct<undefined, { codes: string[] }>('/api/account/recovery-codes', ['account']);
  const { recoveryCodes, displayName } = account;
  return (
    <section className="card">
      <div>
        <h2>{t.account.recovery}</h2>
        <p className="soft">{t.account.recoveryLead}</p>
      </div>
      {make.data === undefined && (
        <p>
          {recoveryCodes === null
            ? t.account.recoveryNone
            : t.account.recoveryLeft(recoveryCodes.left, format.when('at', recoveryCodes.made, Date.now(), reading))}
        </p>
      )}
      {make.isError && <RefusalNote refusal={refusalOf(make.error)} />}
      {make.data === undefined ? (
        <div className="account-acts">
          <Button disabled={make.isPending} onClick={() => make.mutate(undefined)}>
            {recoveryCodes === null ? t.account.makeRecovery : t.account.makeRecoveryAgain}
          </Button>
          {recoveryCodes !== null && <p className="soft">{t.account.recoveryVoids}</p>}
        </div>
      ) : (
        <>
          <div ref={sheet} className="recovery-sheet">
            <h3>{t.account.recoverySheet(displayName)}</h3>
            <p>{t.account.recoveryAddress(location.host)}</p>
            <ol className="recovery-codes">
              {make.data.codes.map((code) => (
                <li key={code}>
                  <code>{code}</code>
                </li>
              ))}
            </ol>
            <p>{t.account.recoveryKeep}</p>
          </div>
          <div className="account-acts">
            <Button look="main" icon="print" onClick={() => printSheet(sheet.current)}>
              {t.parts.print}
            </Button>
            <Button onClick={make.reset}>{t.account.done}</Button>
          </div>
        </>
      )}
    </section>
  );
}
