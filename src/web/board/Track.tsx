import { memo } from 'react';
import type { Band } from '../../map/care.ts';
import * as format from '../../words/format.ts';
import { useWords } from '../words/Words.tsx';
import { type Ahead, type Axis, ahead, place, type Stretch, stretch } from './geometry.ts';

const at = ({ start, end }: Stretch) => ({ '--start': start, '--length': end - start });

/** What happened on the left of the now line; on its right how long the hold lasts, the gap ahead, the return and its target. */
export const Track = memo(function Track({ band, now, axis }: { band: Band; now: number; axis: Axis }) {
  const drawn = ahead(band, now, axis);
  return (
    <span className="track" aria-hidden="true">
      {band.segments.map((segment) => {
        const shown = stretch(
          Date.parse(segment.from),
          segment.to === null ? now : Math.min(now, Date.parse(segment.to)),
          axis,
        );
        return (
          shown && (
            <span
              key={segment.from}
              className="bar track-past"
              data-state={segment.state}
              data-stands={segment.to === null}
              style={at(shown)}
            />
          )
        );
      })}
      {drawn.review && <span className="track-decision" data-state="diverted" style={at(drawn.review)} />}
      {drawn.hold && <span className="track-hold" data-state="held" style={at(drawn.hold)} />}
      {drawn.possibleGap && (
        <span
          className={drawn.endless ? 'track-gap track-gap-endless' : 'track-gap track-gap-possible'}
          data-state="gap"
          style={at(drawn.possibleGap)}
        />
      )}
      {drawn.sureGap && <span className="track-gap track-gap-sure" data-state="gap" style={at(drawn.sureGap)} />}
      {drawn.range && <span className="track-range" style={at(drawn.range)} />}
      {drawn.target !== null && <span className="track-target" style={{ '--start': drawn.target }} />}
      <GapLabel band={band} drawn={drawn} present={place(now, axis)} />
    </span>
  );
});

/** The minutes of the gap ahead stand beside it, on whichever side has room; the words at the right of the band have them always. */
function GapLabel({ band, drawn, present }: { band: Band; drawn: Ahead; present: number }) {
  const { language } = useWords();
  const first = drawn.sureGap ?? drawn.possibleGap;
  if (band.gapAhead === null || band.gapAhead.high <= 0 || first === null || drawn.endless) return null;
  const end = Math.max(drawn.possibleGap?.end ?? 0, drawn.range?.end ?? 0, first.end);
  const label = format.minutesRange(band.gapAhead.low, band.gapAhead.high, language);
  const start = Math.max(present, first.start);
  if (end >= 0.8 && start < 0.25) return null;
  if (end < 0.8)
    return (
      <span className="track-minutes" style={{ '--start': end }}>
        {label}
      </span>
    );
  return (
    <span className="track-minutes track-minutes-before" style={{ '--start': start }}>
      {label}
    </span>
  );
}
