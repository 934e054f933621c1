import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { MapGraphView } from '../../../map/views.ts';
import { SearchField } from '../../parts/SearchField.tsx';
import { sought } from '../../parts/sought.ts';
import { useWords } from '../../words/Words.tsx';
import { grouped, type MapNode } from '../graph/nodes.ts';
import { NodeLine } from '../NodeLine.tsx';
import { type Row, rowsOf, windowOf } from './rows.ts';
import './list.css';

/** More rows than this are made as they are scrolled to. */
const ROWS_AT_ONCE = 250;
const ROW_REMS = 3;

/** Every element of the map: what the picture shows, for eyes and hands the picture does not serve. Enter takes the first found. */
export function Elements({
  view,
  selected,
  stopped,
  onSelect,
}: {
  view: MapGraphView;
  selected: string | null;
  /** Chosen for a what-if; null: elements are opened, not chosen. */
  stopped: ReadonlySet<string> | null;
  onSelect(id: string): void;
}) {
  const { t, say } = useWords();
  const [query, seek] = useState('');
  const wanted = useDeferredValue(sought(query));
  const texts = useMemo(() => view.nodes.map((node) => sought(`${say(node.name)} ${node.id}`)), [view.nodes, say]);
  const rows = useMemo(() => {
    const found = view.nodes.filter((_, at) => texts[at]?.includes(wanted));
    const kindOf = (node: MapNode) => (node.kind === 'careFunction' ? t.map.careFunctions : t.map.kinds[node.kind]);
    return rowsOf(grouped(found, kindOf));
  }, [view.nodes, texts, wanted, t]);
  const elements = rows.filter((row) => row.kind === 'element').length;
  const first = rows.find((row) => row.kind === 'element');
  return (
    <section className="elements" aria-label={t.map.elements}>
      <form
        className="elements-search"
        onSubmit={(event) => {
          event.preventDefault();
          if (query !== '' && first?.kind === 'element') onSelect(first.node.id);
        }}
      >
        <SearchField label={t.map.search} value={query} onChange={seek} />
      </form>
      {query !== '' && elements > 0 && (
        <p className="elements-found soft" role="status">
          {t.map.found(elements)}
        </p>
      )}
      {rows.length === 0 && <p className="soft">{t.map.nothingFound(query)}</p>}
      <Rows rows={rows} selected={selected} stopped={stopped} onSelect={onSelect} />
    </section>
  );
}

function Rows({
  rows,
  selected,
  stopped,
  onSelect,
}: {
  rows: readonly Row[];
  selected: string | null;
  stopped: ReadonlySet<string> | null;
  onSelect(id: string): void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const isPrinting = usePrinting();
  const isWindowed = rows.length > ROWS_AT_ONCE && !isPrinting;
  const [{ top, height }, look] = useState({ top: 0, height: 800 });
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const rowHeight = ROW_REMS * rem;
  const { first, end } = isWindowed ? windowOf(rows.length, rowHeight, top, height) : { first: 0, end: rows.length };
  const read = () => {
    const element = list.current;
    if (element !== null) look({ top: element.scrollTop, height: element.clientHeight });
  };
  const at = rows.findIndex((row) => row.kind === 'element' && row.node.id === selected);
  useEffect(() => {
    const element = list.current;
    if (element === null || at < 0 || !isWindowed) return;
    const place = at * rowHeight;
    if (place < element.scrollTop || place + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTo({ top: place - element.clientHeight / 3 });
  }, [at, isWindowed, rowHeight]);
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const here = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = step === undefined || here < 0 ? undefined : buttons[here + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys walk the buttons inside
    <div
      className="elements-list"
      ref={list}
      data-windowed={isWindowed}
      onScroll={isWindowed ? read : undefined}
      onKeyDown={walk}
    >
      <ul
        style={
          isWindowed ? { paddingBlockStart: first * rowHeight, paddingBlockEnd: (rows.length - end) * rowHeight } : {}
        }
      >
        {rows.slice(first, end).map((row, nth) =>
          row.kind === 'heading' ? (
            <li key={row.title} className="elements-heading">
              <h2>
                {row.title} <span className="soft">{row.count}</span>
              </h2>
            </li>
          ) : (
            <li key={row.node.id} aria-setsize={rows.length} aria-posinset={first + nth + 1}>
              <button
                type="button"
                aria-current={row.node.id === selected}
                aria-pressed={
                  stopped === null || row.node.kind === 'careFunction' ? undefined : stopped.has(row.node.id)
                }
                onClick={() => onSelect(row.node.id)}
              >
                <NodeLine node={row.node} />
              </button>
            </li>
          ),
        )}
      </ul>
    </div>
  );
}

/** On paper every row stands. */
function usePrinting(): boolean {
  const [isPrinting, set] = useState(false);
  useEffect(() => {
    const before = () => flushSync(() => set(true));
    const after = () => set(false);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  return isPrinting;
}
