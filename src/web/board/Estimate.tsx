import { useState } from 'react';
import type { Band } from '../../map/care.ts';
import * as format from '../../words/format.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

const delaysMinutes = [15, 30, 60, 120, 240, 480, 1440] as const;

/** Whoever answers for a component signs when care returns: the Board then draws it, and says that it is signed. */
export function Estimate({ band }: { band: Band }) {
  const { t, language } = useWords();
  const { world } = useWorld();
  const now = useNow();
  const [open, setOpen] = useState(false);
  const [likely, setLikely] = useState<number>(60);
  const [latest, setLatest] = useState<number>(120);
  const sign = useWorldAct<{ careFunction: string; p50: string; p90: string }>(world, 'estimates');
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const submit = () =>
    sign.mutate(
      { careFunction: band.careFunction, p50: at(likely), p90: at(latest) },
      { onSuccess: () => setOpen(false) },
    );
  if (!open) {
    return (
      <Button size="small" onClick={() => setOpen(true)}>
        {t.board.estimate}
      </Button>
    );
  }
  const options = (least: number) =>
    delaysMinutes
      .filter((minutes) => minutes >= least)
      .map((value) => ({ value, label: format.minutesLong(value, language) }));
  return (
    <section className="decide">
      <h3>{t.board.estimate}</h3>
      <Choice
        legend={t.board.likelyIn}
        value={likely}
        options={options(0)}
        onChange={(minutes) => {
          setLikely(minutes);
          setLatest(Math.max(latest, minutes));
        }}
      />
      <Choice legend={t.board.latestIn} value={latest} options={options(likely)} onChange={setLatest} />
      {sign.isError && <RefusalNote refusal={refusalOf(sign.error)} />}
      <div className="empty-acts">
        <Button look="main" disabled={sign.isPending} onClick={submit}>
          {t.board.sign}
        </Button>
        <Button look="quiet" onClick={() => setOpen(false)}>
          {t.parts.cancel}
        </Button>
      </div>
    </section>
  );
}
