import { useEffect, useRef, useState } from 'react';
import * as format from '../../words/format.ts';
import type { Reading } from '../../words/language.ts';
import { useWords } from '../words/Words.tsx';
import { type Axis, place, ticks } from './geometry.ts';

/** Share of the axis the time of now takes at least on either side, however narrow a sheet of paper makes it. */
const NEAR = 0.1;

/** The shared axis above the bands; its lines, and the now line, run down through all of them. */
export function TimeAxis({ axis, now }: { axis: Axis; now: number }) {
  const { t, reading } = useWords();
  const [width, setWidth] = useState(800);
  const scale = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shown = scale.current;
    if (shown === null) return;
    const observer = new ResizeObserver(() => setWidth(shown.clientWidth));
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const marks = ticks(axis, width, (at) => zoneOffsetMinutes(at, reading), 5.5 * rem);
  const present = place(now, axis);
  const apart = (marks[1] ?? Number.POSITIVE_INFINITY) - (marks[0] ?? 0);
  const apartOf = (isDay: boolean) => (isDay ? 8.5 : 6) * rem;
  const label = (mark: number) => {
    if (isMidnight(mark, reading)) return format.weekday(mark, reading);
    return apart < 60_000 ? format.clockSeconds(mark, reading) : format.axisClock(mark, reading);
  };
  return (
    <>
      <div className="grid" aria-hidden="true">
        <div className="grid-lines">
          {marks.map((mark) => (
            <span key={mark} style={{ '--start': place(mark, axis) }} />
          ))}
        </div>
      </div>
      <div className="axis figures" aria-hidden="true">
        <div className="axis-scale" ref={scale}>
          {marks.map((mark) => (
            <span
              key={mark}
              className="axis-mark"
              data-near={
                Math.abs(place(mark, axis) - present) < Math.max(NEAR, apartOf(isMidnight(mark, reading)) / width)
              }
              data-edge={edgeOf(place(mark, axis) * width, width, isMidnight(mark, reading) ? 4 * rem : 1.5 * rem)}
              style={{ '--start': place(mark, axis) }}
            >
              <span>{label(mark)}</span>
            </span>
          ))}
          <span className="axis-now" data-edge={edgeOf(present * width, width, 4 * rem)} style={{ '--start': present }}>
            <span>
              {t.board.now} {format.clock(now, reading)}
            </span>
          </span>
        </div>
      </div>
    </>
  );
}

/** Where half a label would stand outside the axis. */
const edgeOf = (at: number, width: number, half: number) =>
  at < half ? 'start' : at > width - half ? 'end' : undefined;

const isMidnight = (at: number, reading: Reading) => format.clock(at, { ...reading, language: 'en' }) === '00:00';

/** Minutes the establishment's clock is ahead of UTC at that instant. */
function zoneOffsetMinutes(at: number, { timeZone }: Reading): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const [, sign, hours, minutes] =
    /GMT([+-])(\d\d):(\d\d)/.exec(parts.find((part) => part.type === 'timeZoneName')?.value ?? '') ?? [];
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
