import { useState } from 'react';
import { refusalOf, useAct } from '../access/requests.ts';
import { Field } from '../parts/Field.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useMay } from '../people/requests.ts';
import { useWords } from '../words/Words.tsx';

/** The one step that cannot be taken back in a press: it says what will happen, and the press is held. */
export function Begin({ timeZone }: { timeZone: string }) {
  const { t } = useWords();
  const may = useMay();
  const [name, setName] = useState('');
  const [finess, setFiness] = useState('');
  const begin = useAct<{ name: string; finess?: string; timeZone: string }>('/api/hospital/start');
  const number = finess.replaceAll(' ', '').toUpperCase();
  const isWrong = number !== '' && !/^[0-9AB]{9}$/.test(number);
  if (!may('hospital.start')) return <p>{t.start.askAdministrator}</p>;
  return (
    <section className="card start-begin">
      <Field
        label={t.start.name}
        hint={t.start.nameHint}
        value={name}
        maxLength={200}
        autoComplete="organization"
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={t.start.finess}
        value={finess}
        inputMode="numeric"
        autoComplete="off"
        wrong={isWrong ? t.start.finessWrong : undefined}
        onChange={(event) => setFiness(event.target.value)}
      />
      <ul className="start-happens">
        {t.start.whatHappens.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {begin.isError && <RefusalNote refusal={refusalOf(begin.error)} />}
      {begin.isPending || begin.isSuccess ? (
        <p role="status">{t.start.begins}</p>
      ) : (
        <HoldButton
          size="large"
          disabled={name.trim() === '' || isWrong}
          onHeld={() =>
            // Another journal: every screen begins anew, this one too, which may be gone by then.
            begin.mutateAsync({ name: name.trim(), timeZone, ...(number === '' ? {} : { finess: number }) }).then(
              () => location.assign('/start?step=places'),
              () => {},
            )
          }
        >
          {t.start.begin}
        </HoldButton>
      )}
    </section>
  );
}
