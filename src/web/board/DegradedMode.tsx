import type { Band } from '../../map/care.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { Button } from '../parts/Button.tsx';
import { printSheet } from '../parts/sheet.ts';
import { useWords } from '../words/Words.tsx';

/** What the ward does instead, as a sheet one can take to the bed. */
export function DegradedMode({
  band,
  mode,
  now,
}: {
  band: Band;
  mode: NonNullable<Band['degradedMode']>;
  now: number;
}) {
  const { t, say, language, reading } = useWords();
  const proof =
    mode.provedOn === null
      ? t.board.unproved
      : t.board.provedOn(format.day(mode.provedOn, { ...reading, timeZone: 'UTC' }));
  return (
    <section className="degraded" data-sheet-id={band.careFunction}>
      <h3>{t.board.instead}</h3>
      <p className="only-print sheet-title">
        {say(band.name)} — {say(mode.name)}
      </p>
      <p>
        <strong>{say(mode.name)}</strong>
      </p>
      <p className="soft">
        {t.board.canHold(format.minutesLong(mode.holdSeconds / 60, language))} · {proof}
        {band.runsOutFirst !== null &&
          entry(t.board.runsOut, band.runsOutFirst) !== '' &&
          ` · ${entry(t.board.runsOut, band.runsOutFirst) ?? band.runsOutFirst}`}
      </p>
      {mode.steps.length > 0 && (
        <ol className="steps">
          {mode.steps.map((step) => (
            <li key={step.fr}>{say(step)}</li>
          ))}
        </ol>
      )}
      <p className="only-print soft">{t.parts.printedAt(format.day(now, reading), format.clock(now, reading))}</p>
      <Button size="small" icon="print" onClick={(event) => printSheet(event.currentTarget.closest('section'))}>
        {t.board.printSheet}
      </Button>
    </section>
  );
}
