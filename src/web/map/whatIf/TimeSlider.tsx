import { useId } from 'react';
import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';

/** How long after the loss: what a UPS, a cache or a stock still holds is lost later. */
export function TimeSlider({
  stops,
  afterSeconds,
  onChange,
}: {
  stops: readonly (number | null)[];
  afterSeconds: number | null;
  onChange(afterSeconds: number | null): void;
}) {
  const { t, language } = useWords();
  const id = useId();
  const here =
    afterSeconds === null
      ? stops.length - 1
      : Math.max(
          0,
          stops.findLastIndex((stop) => stop !== null && stop <= afterSeconds),
        );
  const said = (seconds: number | null | undefined) =>
    seconds === null || seconds === undefined
      ? t.mapWhatIf.inTheEnd
      : seconds === 0
        ? t.mapWhatIf.atOnce
        : t.mapWhatIf.after(format.secondsLong(seconds, language));
  return (
    <div className="what-if-time">
      <label htmlFor={id}>
        {t.mapWhatIf.when} <output>{said(stops[here])}</output>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={stops.length - 1}
        step={1}
        value={here}
        aria-valuetext={said(stops[here])}
        onChange={(event) => onChange(stops[Number(event.target.value)] ?? null)}
      />
      <div className="what-if-ends soft" aria-hidden="true">
        <span>{t.mapWhatIf.atOnce}</span>
        <span>{t.mapWhatIf.inTheEnd}</span>
      </div>
    </div>
  );
}
