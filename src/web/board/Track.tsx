import { memo } from 'react';
import type { Band } from '../../map/care.ts';
import * as format from '../../words/format.ts';
import { useWords } from '../words/Words.tsx';
import {
  type Ahead,
  type Axis,
  ahead,
  type Gap,
  labelPlace,
  labelShare,
  place,
  type Stretch,
  stretch,
} from './geometry.ts';

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
      {drawn.gaps.map((gap) => (
        <span key={gap.start} className={`track-gap ${gapLook(gap)}`} data-state="gap" style={at(gap)} />
      ))}
      {drawn.range && (
        <span
          className={drawn.overdue === null ? 'track-range' : 'track-range track-range-overdue'}
          style={at(drawn.range)}
        />
      )}
      {drawn.target !== null && <span className="track-target" style={{ '--start': drawn.target }} />}
      <GapLabel band={band} drawn={drawn} present={place(now, axis)} />
    </span>
  );
});

const gapLook = ({ certain, endless }: Gap) =>
  endless ? 'track-gap-endless' : certain ? 'track-gap-sure' : 'track-gap-possible';

function GapLabel({ band, drawn, present }: { band: Band; drawn: Ahead; present: number }) {
  const { language } = useWords();
  if (band.gapAhead === null || band.gapAhead.high <= 0) return null;
  const text = format.minutesRange(band.gapAhead.low, band.gapAhead.high, language);
  const label = labelPlace(drawn, present, labelShare(text));
  if (label === null) return null;
  return (
    <span className="track-minutes" data-side={label.side} style={{ '--start': label.at }}>
      {text}
    </span>
  );
}
