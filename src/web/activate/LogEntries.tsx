import { type KeyboardEvent, memo } from 'react';
import type { LogLine } from '../../activate/views.ts';
import * as format from '../../words/format.ts';
import { usePersonName } from '../access/people.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';
import { type Entry, sortsOf } from './logEntries.ts';

/** The list itself: arrow keys walk it line by line, Enter opens and closes what is folded. */
export const LogEntries = memo(function LogEntries({
  entries,
  asOf,
  say,
  onToggle,
  canToggle,
}: {
  entries: readonly Entry[];
  asOf: number;
  say(line: LogLine): string;
  onToggle(first: number): void;
  canToggle: boolean;
}) {
  const { t } = useWords();
  return (
    <div
      className="log-lines"
      role="log"
      aria-live="off"
      aria-labelledby="crisis-log-title"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached and scrolled by keys (WCAG 2.1.1)
      tabIndex={0}
      onKeyDown={walk}
    >
      <ol>
        {entries.map((entry) =>
          entry.kind === 'line' ? (
            <Line key={entry.line.sequence} line={entry.line} asOf={asOf} say={say} />
          ) : (
            <li key={`fold-${entry.first}`} className="log-fold">
              <FoldButton entry={entry} asOf={asOf} onToggle={onToggle} canToggle={canToggle} />
              {entry.open && (
                <ol>
                  {entry.lines.toReversed().map((line) => (
                    <Line key={line.sequence} line={line} asOf={asOf} say={say} />
                  ))}
                </ol>
              )}
              <LeftOut count={entry.lines.reduce((sum, line) => sum + (line.leftOut ?? 0), 0)} />
            </li>
          ),
        )}
      </ol>
      {entries.length > 0 && <p className="visually-hidden">{t.activate.endOfLog}</p>}
    </div>
  );
});

function Line({ line, asOf, say }: { line: LogLine; asOf: number; say(line: LogLine): string }) {
  const { t, reading } = useWords();
  const who = usePersonName();
  return (
    <li className="log-line" data-kind={line.kind} data-automatic={line.automatic} tabIndex={-1}>
      <time dateTime={line.at}>{format.moment(line.at, asOf, reading)}</time>
      <div>
        <p>{say(line)}</p>
        <p className="log-by">
          {line.automatic ? t.activate.automaticLine : t.activate.kinds[line.kind]} · {who(line.actor)}
        </p>
        <LeftOut count={line.routine ? 0 : (line.leftOut ?? 0)} />
      </div>
    </li>
  );
}

function FoldButton({
  entry,
  asOf,
  onToggle,
  canToggle,
}: {
  entry: Extract<Entry, { kind: 'fold' }>;
  asOf: number;
  onToggle(first: number): void;
  canToggle: boolean;
}) {
  const { t, reading } = useWords();
  const moment = (line: LogLine | undefined) => (line === undefined ? '' : format.moment(line.at, asOf, reading));
  const [from, to] = [moment(entry.lines[0]), moment(entry.lines.at(-1))];
  return (
    <button
      type="button"
      className="log-fold-button"
      aria-expanded={entry.open}
      disabled={!canToggle}
      onClick={() => onToggle(entry.first)}
    >
      <Icon name="chevron" />
      <span>
        {sortsOf(entry.lines)
          .map(([sort, lines]) => t.activate.routine[sort](lines))
          .join(', ')}
        <span className="log-by">{from === to ? from : `${from} – ${to}`}</span>
      </span>
    </button>
  );
}

function LeftOut({ count }: { count: number }) {
  const { t } = useWords();
  return count === 0 ? null : <p className="log-by">{t.activate.leftOut(count)}</p>;
}

function walk(event: KeyboardEvent<HTMLDivElement>) {
  const stops = [...event.currentTarget.querySelectorAll('.log-line, .log-fold-button:not(:disabled)')];
  const here = document.activeElement === null ? -1 : stops.indexOf(document.activeElement);
  const target = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: stops.length - 1 }[event.key];
  if (target === undefined || stops.length === 0) return;
  event.preventDefault();
  const stop = stops[Math.min(stops.length - 1, Math.max(0, target))];
  if (stop instanceof HTMLElement) stop.focus();
}
