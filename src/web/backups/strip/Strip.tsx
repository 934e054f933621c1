import { type KeyboardEvent, type MouseEvent, memo, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { ComponentBackupsView, NightView } from '../../../restore/nights/views.ts';
import * as format from '../../../words/format.ts';
import { useNow } from '../../feed/World.tsx';
import { buttonClass } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import { dayIn, nightTime } from '../times.ts';
import { type Cell, cellAt, freshOf, type Span, stripOf } from './layout.ts';
import { NightMark } from './NightMark.tsx';
import { stateOf } from './nightState.ts';

export const nightPath = (component: string, snapshot: string): string =>
  `/restoration/backups/${encodeURIComponent(component)}/${encodeURIComponent(snapshot)}`;

/** A component's nights. One stop of the keyboard: arrows choose a night, which is then told in words; Enter opens it. */
export function Strip({
  of: { component, name, nights, lastClean, compromised },
  from,
  to,
  here,
}: {
  of: ComponentBackupsView;
  /** The night this page is about. */
  here?: string;
} & Span) {
  const { t, say, reading } = useWords();
  const now = useNow();
  const [, go] = useLocation();
  const [chosen, choose] = useState<string | null>(null);
  const dayOf = useMemo(() => dayIn(reading.timeZone), [reading.timeZone]);
  const strip = useMemo(() => stripOf(nights, { from, to }, dayOf), [nights, from, to, dayOf]);
  const { cells, older } = strip;
  const told = useNightWords();
  const index = cells.findIndex(({ night }) => night.snapshot === (chosen ?? here));
  const current = cells[index];
  const since = [compromised.whole, compromised.own].flatMap((one) => (one === null ? [] : Date.parse(one.since)));
  const suspectFrom = since.length === 0 ? null : Math.max(0, (dayOf(Math.min(...since)) - from) / (to - from + 1));

  if (cells.length === 0) return <p className="soft strip-none">{t.backups.older(older)}</p>;
  const take = (at: number) => {
    const cell = cells[Math.max(0, Math.min(cells.length - 1, at))];
    if (cell !== undefined) choose(cell.night.snapshot);
  };
  const open = () => current !== undefined && go(nightPath(component, current.night.snapshot));
  const pressed = (event: KeyboardEvent) => {
    const place = event.altKey || event.ctrlKey || event.metaKey ? undefined : placeBy(event.key, index, cells.length);
    if (place === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (place === undefined) open();
    else take(place);
  };
  const pointed = (event: MouseEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const cell = cellAt(cells, (event.clientX - left) / width);
    if (cell === undefined) return;
    if (cell.night.snapshot === chosen) open();
    else choose(cell.night.snapshot);
  };
  const shown = current ?? cells.at(-1);
  return (
    <div className="strip">
      <div
        className="strip-nights"
        role="slider"
        tabIndex={0}
        aria-label={t.backups.strip(say(name))}
        aria-valuemin={1}
        aria-valuemax={cells.length}
        aria-valuenow={index < 0 ? cells.length : index + 1}
        aria-valuetext={shown === undefined ? '' : told(shown.night, lastClean?.snapshot === shown.night.snapshot)}
        onKeyDown={pressed}
        onClick={pointed}
      >
        {suspectFrom !== null && suspectFrom < 1 && (
          <span className="strip-suspect" style={{ '--at': suspectFrom }} aria-hidden="true" />
        )}
        {strip.missing.map((at) => (
          <span key={at} className="strip-missing" style={{ '--at': at }} aria-hidden="true" />
        ))}
        {cells.map((cell) => (
          <Night
            key={cell.night.snapshot}
            cell={cell}
            isLast={cell.night.snapshot === lastClean?.snapshot}
            isHere={cell === current}
          />
        ))}
      </div>
      {older > 0 && <p className="soft strip-older">{t.backups.older(older)}</p>}
      {current !== undefined && current.night.snapshot !== here && (
        <div className="strip-told">
          <p>
            <time dateTime={current.night.time}>{nightTime(current.night.time, now, reading)}</time>{' '}
            <NightMark state={current.state} /> <Facts night={current.night} />
          </p>
          <div className="strip-acts no-print">
            <button type="button" disabled={index === 0} onClick={() => take(index - 1)}>
              <Icon name="chevron" className="strip-back" />
              <span className="visually-hidden">{t.backups.previous}</span>
            </button>
            <button type="button" disabled={index === cells.length - 1} onClick={() => take(index + 1)}>
              <Icon name="chevron" />
              <span className="visually-hidden">{t.backups.following}</span>
            </button>
            <Link href={nightPath(component, current.night.snapshot)} className={buttonClass('plain', 'small')}>
              {t.backups.open}
            </Link>
          </div>
        </div>
      )}
    </div>
  );
}

/** Which night a key goes to; from none chosen, the newest. */
function placeBy(key: string, index: number, count: number): number | undefined {
  const newest = count - 1;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return index < 0 ? newest : index + 1;
    case 'ArrowLeft':
    case 'ArrowDown':
      return index < 0 ? newest : index - 1;
    case 'Home':
      return 0;
    case 'End':
      return newest;
    default:
      return undefined;
  }
}

const Night = memo(function Night({ cell, isLast, isHere }: { cell: Cell; isLast: boolean; isHere: boolean }) {
  const { left, width, height, fresh, state, night } = cell;
  return (
    <span
      className="strip-night"
      data-night={state}
      data-here={isHere}
      aria-hidden="true"
      style={{ '--left': left, '--width': width }}
    >
      <span className="strip-bar" style={{ '--height': height }}>
        <span className="strip-fresh" style={{ '--fresh': fresh ?? 0 }} />
      </span>
      {(night.proved || isLast) && (
        <span className="strip-feet">
          {isLast && <span className="strip-last" />}
          {night.proved && <Icon name="check" />}
        </span>
      )}
    </span>
  );
});

/** A night in one breath: what a screen reader says as one goes along. */
export function useNightWords(): (night: NightView, isLastClear: boolean) => string {
  const { t, reading } = useWords();
  const now = useNow();
  const facts = useFacts();
  return (night, isLastClear) =>
    [
      nightTime(night.time, now, reading),
      t.backups.states[stateOf(night)],
      ...(isLastClear ? [t.backups.legendLast] : []),
      ...(night.proved ? [t.backups.proved] : []),
      ...facts(night),
    ].join(', ');
}

function useFacts(): (night: NightView) => string[] {
  const { t, language } = useWords();
  return (night) => {
    const { bytes, change } = night;
    const count = (value: number) => format.number(value, language);
    return [
      format.bytes(bytes, language),
      ...(change === null
        ? [t.backups.firstNight]
        : [
            t.backups.changes(count(change.added), count(change.changed), count(change.removed)),
            t.backups.fresh(`${count(Math.round((freshOf(night) ?? 0) * 100))} %`),
          ]),
    ];
  };
}

export function Facts({ night }: { night: NightView }) {
  const { t } = useWords();
  const facts = useFacts();
  return <span className="soft">{[...facts(night), ...(night.proved ? [t.backups.proved] : [])].join(' · ')}</span>;
}
