import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { EnvelopeGivenBody, EnvelopesWaitingBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/Field.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { ask, refusalOf } from '../requests.ts';
import { CodeField, isWhole } from './CodeField.tsx';

const ENVELOPE_SYMBOLS = 24;

/** Two people, here one after the other or each at a post of their own. */
export function AdministrativeBreakGlass({ onEntered }: { onEntered(): Promise<void> }) {
  const { t, reading } = useWords();
  const waiting = useQuery({
    queryKey: ['envelopes-waiting'],
    queryFn: () => ask<EnvelopesWaitingBody>('GET', '/api/break-glass/envelopes'),
    refetchInterval: 2_000,
  });
  const first = waiting.data?.waiting ?? null;
  const until = first === null ? '' : format.when('until', first.until, Date.now(), reading);
  return (
    <div className="way-in-steps">
      <title>{`${t.waysIn.administrative.title} · Reflexe`}</title>
      <h1>{t.waysIn.administrative.title}</h1>
      <p className="sign-in-lead">{t.waysIn.administrative.lead}</p>
      {first !== null && (
        <p className="card-opens" role="status">
          {t.waysIn.administrative.waits(first.envelope, until)}
        </p>
      )}
      {waiting.isPending ? null : (
        <GiveEnvelope key={first?.envelope ?? 0} isSecond={first !== null} onEntered={onEntered} />
      )}
      {waiting.isError && <RefusalNote refusal={refusalOf(waiting.error)} />}
    </div>
  );
}

function GiveEnvelope({ isSecond, onEntered }: { isSecond: boolean; onEntered(): Promise<void> }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const [code, setCode] = useState('');
  const give = useMutation({
    mutationFn: () => ask<EnvelopeGivenBody>('POST', '/api/break-glass/administrative', { code, name, reason }),
    onSuccess: (given) => (given.opened ? onEntered() : client.invalidateQueries({ queryKey: ['envelopes-waiting'] })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate();
  };
  return (
    <form onSubmit={submit}>
      <h2>{isSecond ? t.waysIn.administrative.second : t.waysIn.administrative.first}</h2>
      <Field
        label={t.waysIn.name}
        autoComplete="off"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {!isSecond && (
        <Field
          label={t.waysIn.reason}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      <CodeField value={code} symbols={ENVELOPE_SYMBOLS} hint={t.waysIn.administrative.codeHint} onChange={setCode} />
      {give.isError && <RefusalNote refusal={refusalOf(give.error)} />}
      <Button type="submit" look="main" size="large" disabled={give.isPending || !isWhole(code, ENVELOPE_SYMBOLS)}>
        {isSecond ? t.waysIn.administrative.open : t.waysIn.administrative.give}
      </Button>
    </form>
  );
}
