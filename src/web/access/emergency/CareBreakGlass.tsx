import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { CardOpensBody, CareOpenedBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/Field.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { ask, refusalOf } from '../requests.ts';
import { CodeField, isWhole } from './CodeField.tsx';

const CARD_SYMBOLS = 16;

/** Three steps at most: the card (none where its square was scanned), who and why, and one is in. */
export function CareBreakGlass({ scanned, onEntered }: { scanned: string; onEntered(): Promise<void> }) {
  const { t } = useWords();
  const [code, setCode] = useState(scanned);
  const begun = useRef(false);
  const look = useMutation({
    mutationFn: (card: string) => ask<CardOpensBody>('POST', '/api/break-glass/card', { code: card }),
  });
  useEffect(() => {
    if (scanned === '' || begun.current) return;
    begun.current = true;
    look.mutate(scanned);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look.mutate(code);
  };
  return (
    <div className="way-in-steps">
      <title>{`${t.waysIn.care.title} · Reflexe`}</title>
      <h1>{t.waysIn.care.title}</h1>
      {look.data === undefined ? (
        <form onSubmit={submit}>
          <p className="sign-in-lead">{t.waysIn.care.cardLead}</p>
          <CodeField value={code} symbols={CARD_SYMBOLS} hint={t.waysIn.codeHint} onChange={setCode} />
          {look.isError && <RefusalNote refusal={refusalOf(look.error)} />}
          <Button type="submit" look="main" size="large" disabled={look.isPending || !isWhole(code, CARD_SYMBOLS)}>
            {t.waysIn.next}
          </Button>
        </form>
      ) : (
        <WhoAndWhy code={code} opens={look.data} onEntered={onEntered} onOtherCard={() => look.reset()} />
      )}
    </div>
  );
}

function WhoAndWhy({
  code,
  opens,
  onEntered,
  onOtherCard,
}: {
  code: string;
  opens: CardOpensBody;
  onEntered(): Promise<void>;
  onOtherCard(): void;
}) {
  const { t, say, reading } = useWords();
  const [isAnother, setAnother] = useState(false);
  const again = useMutation({
    mutationFn: () => ask<CareOpenedBody>('POST', '/api/break-glass/care/again', { code }),
    onSuccess: onEntered,
  });
  const ward = say(opens.ward);
  return (
    <>
      <div className="card-opens">
        <p>{t.waysIn.care.opens}</p>
        <p className="card-ward">{ward}</p>
        <p className="soft">{t.waysIn.care.until(format.when('until', opens.until, Date.now(), reading))}</p>
      </div>
      {opens.again !== null && !isAnother ? (
        <>
          {again.isError && <RefusalNote refusal={refusalOf(again.error)} />}
          <Button look="main" size="large" disabled={again.isPending} onClick={() => again.mutate()}>
            {t.waysIn.care.again(opens.again)}
          </Button>
          <Button size="large" onClick={() => setAnother(true)}>
            {t.waysIn.care.someoneElse}
          </Button>
        </>
      ) : (
        <CareForm code={code} ward={ward} onEntered={onEntered} />
      )}
      <Button look="quiet" onClick={onOtherCard}>
        {t.waysIn.care.otherCard}
      </Button>
    </>
  );
}

type Reason = 'no-connection' | 'no-badge' | 'reinforcement' | 'other';
const reasons: Reason[] = ['no-connection', 'no-badge', 'reinforcement', 'other'];

function CareForm({ code, ward, onEntered }: { code: string; ward: string; onEntered(): Promise<void> }) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<Reason | null>(null);
  const [other, setOther] = useState('');
  const labels = { ...t.waysIn.reasons, other: t.waysIn.otherReason };
  const reason = chosen === null ? '' : chosen === 'other' ? other : labels[chosen];
  const open = useMutation({
    mutationFn: () => ask<CareOpenedBody>('POST', '/api/break-glass/care', { code, name, reason }),
    onSuccess: onEntered,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Field
        label={t.waysIn.name}
        autoComplete="name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="reasons">
        <legend>{t.waysIn.reason}</legend>
        {reasons.map((value) => (
          <label key={value}>
            <input type="radio" name="reason" required checked={chosen === value} onChange={() => setChosen(value)} />
            <span>{labels[value]}</span>
          </label>
        ))}
      </fieldset>
      {chosen === 'other' && (
        <Field
          label={t.waysIn.otherReason}
          required
          maxLength={500}
          value={other}
          onChange={(event) => setOther(event.target.value)}
        />
      )}
      {open.isError && <RefusalNote refusal={refusalOf(open.error)} />}
      <Button type="submit" look="main" size="large" disabled={open.isPending}>
        {t.waysIn.care.enter(ward)}
      </Button>
    </form>
  );
}
