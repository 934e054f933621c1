import type { ReturnsRow, ReturnsView } from '../../../map/returns/view.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import { Chain } from './Chain.tsx';
import { bestOf, type Scale } from './scale.ts';
import { useReturnWords } from './words.ts';

/** One care function on the axis; it opens to what makes its time. */
export function ReturnRow({
  row,
  view,
  scale,
  isOpen,
  onTurn,
}: {
  row: ReturnsRow;
  view: ReturnsView;
  scale: Scale;
  isOpen: boolean;
  onTurn(isOpen: boolean): void;
}) {
  const { t, say } = useWords();
  const { long } = useReturnWords(view.names);
  return (
    <details open={isOpen} onToggle={(event) => onTurn(event.currentTarget.open)}>
      <summary className="return-row">
        <span className="return-name">
          <Icon name="chevron" className="return-chevron" />
          <span>
            <b>{say(row.name)}</b> <span className="soft return-tier">{t.board.tier(row.tier)}</span>
          </span>
        </span>
        <Track row={row} scale={scale} />
        <Said row={row} long={long} />
      </summary>
      {isOpen && <Chain row={row} view={view} scale={scale} />}
    </details>
  );
}

/** Promised lines, and a bar for what is possible: as declared and, where anything was measured, as measured. */
function Track({ row, scale }: { row: ReturnsRow; scale: Scale }) {
  const { declared, measured, rtoSeconds, mtpdSeconds } = row;
  return (
    <span className="return-track" aria-hidden="true">
      {measured !== null && <Bar time={measured} basis="measured" limit={rtoSeconds} scale={scale} />}
      <Bar time={declared} basis="declared" limit={rtoSeconds} scale={scale} />
      <span className="return-mark" data-mark="rto" style={{ '--at': scale.place(rtoSeconds) }} />
      {mtpdSeconds > 0 && (
        <span className="return-mark" data-mark="mtpd" style={{ '--at': scale.place(mtpdSeconds) }} />
      )}
    </span>
  );
}

function Bar({
  time: { seconds, atLeastSeconds },
  basis,
  limit,
  scale,
}: {
  time: ReturnsRow['declared'];
  basis: 'declared' | 'measured';
  limit: number;
  scale: Scale;
}) {
  const known = scale.place(seconds ?? atLeastSeconds);
  const within = Math.min(known, scale.place(limit));
  return (
    <span className="return-bar" data-basis={basis}>
      <span data-part="within" style={{ '--from': 0, '--to': within }} />
      {known > within && <span data-part="beyond" style={{ '--from': within, '--to': known }} />}
      {seconds === null && <span data-part="unknown" style={{ '--from': known, '--to': 1 }} />}
    </span>
  );
}

function Said({ row, long }: { row: ReturnsRow; long(seconds: number): string }) {
  const { t } = useWords();
  const { seconds, atLeastSeconds, unknownCount } = bestOf(row);
  const isLate = (seconds ?? atLeastSeconds) > row.rtoSeconds;
  const possible =
    seconds !== null
      ? seconds === 0
        ? t.mapReturns.none
        : long(seconds)
      : atLeastSeconds > 0
        ? t.mapReturns.atLeast(long(atLeastSeconds))
        : t.mapReturns.unknown;
  return (
    <span className="return-said">
      <b data-late={isLate} data-unknown={seconds === null && !isLate}>
        {possible}
      </b>{' '}
      <span className="soft">
        {[
          ...(seconds === null
            ? [t.mapReturns.withoutTime(unknownCount)]
            : [row.measured === null ? t.mapReturns.declaredShort : t.mapReturns.measuredShort]),
          t.mapReturns.objective(long(row.rtoSeconds)),
          ...(row.mtpdSeconds > 0 ? [t.mapReturns.tolerable(long(row.mtpdSeconds))] : []),
        ].join(' · ')}
      </span>
    </span>
  );
}
