import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';
import type { Scale } from './scale.ts';

/** The time axis all rows share. */
export function Axis({ scale }: { scale: Scale }) {
  const { t, language } = useWords();
  return (
    <div className="returns-axis" aria-hidden="true" title={t.mapReturns.axis}>
      <span />
      <div className="returns-ticks">
        <span style={{ '--at': 0 }}>0</span>
        {scale.ticks(0.07).map((seconds, index) => (
          <span key={seconds} data-odd={index % 2 === 1} style={{ '--at': scale.place(seconds) }}>
            {format.minutesLong(seconds / 60, language)}
          </span>
        ))}
      </div>
      <span />
    </div>
  );
}

export function Key({ isMeasured }: { isMeasured: boolean }) {
  const { t } = useWords();
  const entries = [
    'rto',
    'mtpd',
    'declared',
    ...(isMeasured ? (['measured'] as const) : []),
    'beyond',
    'unknown',
  ] as const;
  return (
    <ul className="returns-key">
      {entries.map((name) => (
        <li key={name}>
          <span className="returns-key-sign" data-sign={name} aria-hidden="true" />
          {t.mapReturns.key[name]}
        </li>
      ))}
    </ul>
  );
}
