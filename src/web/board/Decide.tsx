import { useState } from 'react';
import type { Band } from '../../map/care.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Field } from '../parts/Field.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

type Decision = 'diverted' | 'reduced' | 'resumed';
interface Decided {
  careFunction: string;
  wards: string[];
  decision: Decision;
  reviewAt?: string;
  patients?: number;
}

/** A decision on activity says when it is looked at again: nothing stays diverted because nobody remembered. */
const reviewHours = [1, 2, 4, 12] as const;

export function Decide({ band }: { band: Band }) {
  const { t } = useWords();
  const { world } = useWorld();
  const now = useNow();
  const [open, setOpen] = useState(false);
  const isDecided = band.wards.some((ward) => ward.state === 'diverted');
  const [decision, choose] = useState<Decision>(isDecided ? 'resumed' : 'diverted');
  const [hours, setHours] = useState<number>(2);
  const [patients, setPatients] = useState('');
  const decide = useWorldAct<Decided>(world, 'decisions');
  const submit = () => {
    const review = decision === 'resumed' ? {} : { reviewAt: new Date(now + hours * 3_600_000).toISOString() };
    const concerned = decision === 'resumed' || patients === '' ? {} : { patients: Number(patients) };
    decide.mutate(
      {
        careFunction: band.careFunction,
        wards: band.wards.map((ward) => ward.ward),
        decision,
        ...review,
        ...concerned,
      },
      { onSuccess: () => setOpen(false) },
    );
  };
  if (!open) {
    return (
      <Button size="small" onClick={() => setOpen(true)}>
        {t.board.decide}
      </Button>
    );
  }
  return (
    <section className="decide">
      <h3>{t.board.decide}</h3>
      <Choice
        legend={t.board.decision}
        legendShown={false}
        value={decision}
        options={(isDecided ? (['resumed', 'diverted', 'reduced'] as const) : (['diverted', 'reduced'] as const)).map(
          (value) => ({ value, label: t.board.decisions[value] }),
        )}
        onChange={choose}
      />
      <p className="soft">{t.board.decisionMeans[decision]}</p>
      {decision !== 'resumed' && (
        <>
          <Choice
            legend={t.board.reviewIn}
            value={hours}
            options={reviewHours.map((value) => ({ value, label: t.board.hours(value) }))}
            onChange={setHours}
          />
          <Field
            label={t.board.patientsConcerned}
            inputMode="numeric"
            pattern="[0-9]*"
            value={patients}
            onChange={(event) => setPatients(event.target.value.replaceAll(/\D/g, ''))}
          />
        </>
      )}
      {decide.isError && <RefusalNote refusal={refusalOf(decide.error)} />}
      <div className="empty-acts">
        <HoldButton disabled={decide.isPending} onHeld={submit}>
          {t.board.decisions[decision]}
        </HoldButton>
        <Button look="quiet" onClick={() => setOpen(false)}>
          {t.parts.cancel}
        </Button>
      </div>
    </section>
  );
}
