import { useState } from 'react';
import type { ReturnsView } from '../../../map/returns/view.ts';
import { refusalOf } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { Choice } from '../../parts/Choice.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { MapPage } from '../MapPage.tsx';
import { Axis, Key } from './Axis.tsx';
import { Contradictions } from './Contradictions.tsx';
import { ReturnRow } from './ReturnRow.tsx';
import { useReturns } from './requests.ts';
import { longestOf, type Order, ordered, scaleOf } from './scale.ts';
import './returns.css';

/** When care could be back, beside what is promised. */
export default function ReturnsScreen() {
  const { t } = useWords();
  const { feed } = useWorld();
  const returns = useReturns();
  const hasNoMap = feed.views.map !== undefined && feed.views.map.nodes.length === 0;
  return (
    <MapPage
      title={t.mapReturns.title}
      lead={<p>{t.mapReturns.lead}</p>}
      className="returns"
      tools={
        returns.data !== undefined && (
          <Button icon="print" onClick={() => print()}>
            {t.mapReturns.print}
          </Button>
        )
      }
    >
      {hasNoMap && <p className="soft">{t.board.noMap}</p>}
      {returns.isError && <RefusalNote refusal={refusalOf(returns.error)} onRetry={() => void returns.refetch()} />}
      {returns.data !== undefined && !hasNoMap && <Returns view={returns.data} />}
    </MapPage>
  );
}

function Returns({ view }: { view: ReturnsView }) {
  const { t } = useWords();
  const [order, setOrder] = useState<Order>('clinical');
  const [opened, open] = useState<ReadonlySet<string>>(new Set());
  const turn = (id: string, isOpen: boolean) =>
    open((before) => new Set(isOpen ? [...before, id] : [...before].filter((one) => one !== id)));
  const scale = scaleOf(longestOf(view.careFunctions));
  const show = (id: string) => {
    turn(id, true);
    // Once it is open: its heading is where the eye and the reader go.
    requestAnimationFrame(() => {
      const row = document.getElementById(rowId(id));
      row?.scrollIntoView({ block: 'center' });
      row?.querySelector<HTMLElement>('summary')?.focus({ preventScroll: true });
    });
  };
  return (
    <>
      <Contradictions view={view} onShow={show} />
      <section className="card returns-all" aria-labelledby="returns-all">
        <div className="returns-head">
          <h2 id="returns-all">{t.mapReturns.all}</h2>
          <div className="no-print">
            <Choice
              legend={t.mapReturns.sort}
              legendShown={false}
              value={order}
              options={(['clinical', 'gap', 'longest'] as const).map((value) => ({
                value,
                label: t.mapReturns.sorts[value],
              }))}
              onChange={setOrder}
            />
          </div>
        </div>
        <Key isMeasured={view.careFunctions.some(({ measured }) => measured !== null)} />
        <Axis scale={scale} />
        <ol className="returns-rows">
          {ordered(view.careFunctions, order).map((row) => (
            <li key={row.careFunction} id={rowId(row.careFunction)}>
              <ReturnRow
                row={row}
                view={view}
                scale={scale}
                isOpen={opened.has(row.careFunction)}
                onTurn={(isOpen) => turn(row.careFunction, isOpen)}
              />
            </li>
          ))}
        </ol>
        <p className="soft returns-method">{t.mapReturns.method}</p>
      </section>
    </>
  );
}

const rowId = (careFunction: string) => `return-${careFunction}`;
