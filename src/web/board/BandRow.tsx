import { type KeyboardEvent, memo, useId } from 'react';
import type { Band } from '../../map/care.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';
import { BandDetails } from './BandDetails.tsx';
import type { Axis } from './geometry.ts';
import { keyLine } from './keyLine.ts';
import { Track } from './Track.tsx';

export const BandRow = memo(function BandRow({
  band,
  now,
  axis,
  open,
  onToggle,
}: {
  band: Band;
  now: number;
  axis: Axis;
  open: boolean;
  onToggle(careFunction: string): void;
}) {
  const speech = useWords();
  const { t, say } = speech;
  const details = useId();
  const words = keyLine(band, now, speech);
  return (
    <li className="band" data-state={band.state} data-open={open} {...(open ? { 'data-band-open': true } : {})}>
      <h2 className="band-heading">
        <button
          type="button"
          className="band-row"
          aria-expanded={open}
          aria-controls={details}
          onClick={() => onToggle(band.careFunction)}
          onKeyDown={moveBetweenBands}
        >
          <span className="band-title">
            <Icon name="chevron" className="band-chevron" />
            <span>
              <span className="band-name">{say(band.name)}</span>
              <span className="state-mark">
                <Icon name={band.state} />
                <span>{t.care.states[band.state]}</span>
              </span>
            </span>
          </span>
          <Track band={band} now={now} axis={axis} />
          <span className="band-key figures">
            <span className="band-stands">{words.stands}</span>
            {words.gap !== null && (
              <span className="band-gap" data-state="gap">
                {words.gap}
              </span>
            )}
            {words.comes !== null && <span className="band-comes">{words.comes}</span>}
          </span>
        </button>
      </h2>
      <div id={details} hidden={!open}>
        {open && <BandDetails band={band} now={now} />}
      </div>
    </li>
  );
});

/** Arrow keys, Home and End walk the bands as a list; Tab still goes through everything. */
function moveBetweenBands(event: KeyboardEvent<HTMLButtonElement>) {
  const rows = [...(event.currentTarget.closest('.bands')?.querySelectorAll<HTMLButtonElement>('.band-row') ?? [])];
  const here = rows.indexOf(event.currentTarget);
  const target = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, target))]?.focus();
}
