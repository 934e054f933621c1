import { useState } from 'react';
import type { Contradiction } from '../../../map/returns/contradictions.ts';
import type { ReturnsRow, ReturnsView } from '../../../map/returns/view.ts';
import * as format from '../../../words/format.ts';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import { bestOf } from './scale.ts';
import { useReturnWords } from './words.ts';

/** Functions told at once: more is not read. */
const shownFirst = 5;

/** Promises that what is known does not bear, worst first, one function at a time. */
export function Contradictions({ view, onShow }: { view: ReturnsView; onShow(careFunction: string): void }) {
  const { t } = useWords();
  const [isWhole, setWhole] = useState(false);
  const rows = new Map(view.careFunctions.map((row) => [row.careFunction, row]));
  const found = [...Map.groupBy(view.contradictions, ({ careFunction }) => careFunction)];
  const unknown = view.careFunctions.filter((row) => bestOf(row).seconds === null).length;
  const shown = isWhole ? found : found.slice(0, shownFirst);
  return (
    <section className="contradictions" aria-labelledby="contradictions">
      <h2 id="contradictions">{t.mapReturns.contradictions}</h2>
      {found.length === 0 && <p>{t.mapReturns.noContradiction}</p>}
      <ol className="card" hidden={found.length === 0}>
        {shown.map(([id, about]) => {
          const row = rows.get(id);
          return row === undefined ? null : (
            <Contradicted key={id} row={row} about={about} view={view} onShow={() => onShow(id)} />
          );
        })}
      </ol>
      {shown.length < found.length && (
        <Button onClick={() => setWhole(true)}>{t.mapReturns.more(found.length - shown.length)}</Button>
      )}
      {unknown > 0 && (
        <p className="contradictions-unknown" data-state="unknown">
          <Icon name="unknown" />
          {t.mapReturns.functionsUnknown(unknown)}
        </p>
      )}
    </section>
  );
}

function Contradicted({
  row,
  about,
  view,
  onShow,
}: {
  row: ReturnsRow;
  about: readonly Contradiction[];
  view: ReturnsView;
  onShow(): void;
}) {
  const { t, say, language } = useWords();
  const beyond = about.find(({ kind }) => kind === 'return');
  return (
    <li className="contradiction print-whole">
      <div>
        <h3>{say(row.name)}</h3>
        <p className="soft">{t.board.tier(row.tier)}</p>
      </div>
      <div className="contradiction-said">
        {about.toSorted(byKind).map((one) => (
          <Said key={one.kind} one={one} row={row} view={view} />
        ))}
      </div>
      <div className="contradiction-end">
        {beyond !== undefined && (
          <p className="contradiction-beyond">
            {t.mapReturns.beyond(format.secondsLong(beyond.beyondSeconds, language))}
          </p>
        )}
        <button type="button" className="link no-print" onClick={onShow}>
          {t.mapReturns.showChain}
          <span className="visually-hidden"> {say(row.name)}</span>
        </button>
      </div>
    </li>
  );
}

/** What is said first of one function. */
const kinds: readonly Contradiction['kind'][] = ['return', 'promise', 'dataLoss'];
const byKind = (one: Contradiction, other: Contradiction) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind);

function Said({ one, row, view }: { one: Contradiction; row: ReturnsRow; view: ReturnsView }) {
  const { t } = useWords();
  const { nameOf, basisOf, long } = useReturnWords(view.names);
  const words = t.mapReturns;
  switch (one.kind) {
    case 'promise':
      return <p>{words.promiseBeyondMtpd(long(row.rtoSeconds), long(row.mtpdSeconds))}</p>;
    case 'return': {
      const sentence =
        one.limit === 'rto'
          ? one.atLeast
            ? words.promisedAtLeast
            : words.promised
          : one.atLeast
            ? words.bearableAtLeast
            : words.bearable;
      const { longest } = one;
      return (
        <>
          <p>
            <strong>{sentence(long(one.limitSeconds), long(one.possibleSeconds))}</strong>{' '}
            {one.limit === 'rto' && one.beyondMtpd && words.beyondMtpd(long(row.mtpdSeconds))}
          </p>
          {longest?.time && (
            <p className="soft">
              {words.longest(nameOf(longest.component), long(longest.time.seconds), basisOf(longest.time.basis))}
            </p>
          )}
        </>
      );
    }
    case 'dataLoss':
      return (
        <p>
          {(one.atLeast ? words.losesAtLeast : words.loses)(long(one.limitSeconds), long(one.possibleSeconds))}{' '}
          {one.component !== null && one.basis !== null && (
            <span className="soft">{words.lossOf(nameOf(one.component), words.lossBasis[one.basis])}</span>
          )}
        </p>
      );
  }
}
