import { Link } from 'wouter';
import type { ReturnsRow, ReturnsView } from '../../../map/returns/view.ts';
import { useWords } from '../../words/Words.tsx';
import { bestOf, type Scale } from './scale.ts';
import { useReturnWords } from './words.ts';

/** What makes a return as long as it is, in the order it would be brought back; what is missing; what would be lost. */
export function Chain({ row, view, scale }: { row: ReturnsRow; view: ReturnsView; scale: Scale }) {
  const { t } = useWords();
  const { nameOf, basisOf, long } = useReturnWords(view.names);
  const { seconds, atLeastSeconds, chain, unknown, unknownCount } = bestOf(row);
  let begins = 0;
  const steps = chain.toReversed().map((step) => {
    const from = begins;
    begins += step.time?.seconds ?? 0;
    return { ...step, from, to: begins };
  });
  return (
    <div className="return-details">
      <section>
        <h3>{seconds === null ? t.mapReturns.chainAtLeast : t.mapReturns.chain}</h3>
        {steps.length === 0 && (
          <p className="soft">{seconds === null ? t.mapReturns.nothingOnChain : t.mapReturns.none}</p>
        )}
        <ol className="return-chain">
          {steps.map(({ component, time, with: through, from, to }) => (
            <li key={component}>
              <span className="return-step">
                <Link href={mapAt(component)}>{nameOf(component)}</Link>{' '}
                <span className="soft">
                  {basisOf(time?.basis)}
                  {through !== null && ` · ${t.mapReturns.together(nameOf(through))}`}
                </span>
              </span>
              <span className="return-track return-track-step" aria-hidden="true">
                <span className="return-bar" data-basis={time?.basis.kind === 'measured' ? 'measured' : 'declared'}>
                  <span data-part="within" style={{ '--from': scale.place(from), '--to': scale.place(to) }} />
                </span>
              </span>
              <span className="return-said">
                {time === null ? (
                  <b data-unknown="true">{t.mapReturns.unknown}</b>
                ) : (
                  <>
                    <b>{long(time.seconds)}</b>{' '}
                    {steps.length > 1 && <span className="soft">{t.mapReturns.chainFrom(long(from), long(to))}</span>}
                  </>
                )}
              </span>
            </li>
          ))}
          {(seconds ?? atLeastSeconds) > 0 && (
            <li className="return-end">
              {(seconds === null ? t.mapReturns.backAtLeast : t.mapReturns.back)(long(seconds ?? atLeastSeconds))}
            </li>
          )}
        </ol>
        {row.measured !== null && (
          <p className="soft">
            {t.mapReturns.declaredOnly(
              row.declared.seconds === null
                ? t.mapReturns.atLeast(long(row.declared.atLeastSeconds))
                : long(row.declared.seconds),
            )}
          </p>
        )}
      </section>
      {unknownCount > 0 && (
        <section className="return-missing" data-state="unknown">
          <h3>{t.mapReturns.toFill}</h3>
          <Missing ids={unknown} more={unknownCount - unknown.length} nameOf={nameOf} />
          <p className="soft">{t.mapReturns.fill}</p>
        </section>
      )}
      <Data row={row} nameOf={nameOf} long={long} />
    </div>
  );
}

const mapAt = (id: string) => `/map?at=${encodeURIComponent(id)}`;

function Missing({ ids, more, nameOf }: { ids: readonly string[]; more: number; nameOf(id: string): string }) {
  const { t } = useWords();
  return (
    <ul className="return-missing-list">
      {ids.map((id) => (
        <li key={id}>
          <Link href={mapAt(id)}>{nameOf(id)}</Link>
        </li>
      ))}
      {more > 0 && <li className="soft">{t.mapReturns.andMore(more)}</li>}
    </ul>
  );
}

function Data({
  row: { loss, rpoSeconds },
  nameOf,
  long,
}: {
  row: ReturnsRow;
  nameOf(id: string): string;
  long(seconds: number): string;
}) {
  const { t } = useWords();
  const words = t.mapReturns;
  const best = loss === null ? null : (loss.measured ?? loss.declared);
  if (best === null)
    return (
      <section>
        <h3>{words.data}</h3>
        <p className="soft">{words.dataNone}</p>
      </section>
    );
  const known = best.seconds ?? best.atLeastSeconds;
  const isBeyond = rpoSeconds !== null && known > rpoSeconds;
  const lost =
    best.seconds !== null
      ? words.dataLoss(long(best.seconds))
      : known > 0
        ? words.dataLossAtLeast(long(known))
        : words.dataLossUnknown;
  return (
    <section>
      <h3>{words.data}</h3>
      <p className="return-said">
        <b data-late={isBeyond} data-unknown={best.seconds === null && !isBeyond}>
          {lost}
        </b>{' '}
        <span className="soft">{rpoSeconds === null ? words.dataNotSaid : words.dataAllowed(long(rpoSeconds))}</span>
      </p>
      {best.component !== null && best.basis !== null && (
        <p className="soft">{words.lossOf(nameOf(best.component), words.lossBasis[best.basis])}</p>
      )}
      {best.unknownCount > 0 && (
        <>
          <p>{words.noPeriod}</p>
          <Missing ids={best.unknown} more={best.unknownCount - best.unknown.length} nameOf={nameOf} />
        </>
      )}
    </section>
  );
}
