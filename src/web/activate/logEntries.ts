import type { LogLine } from '../../activate/views.ts';
import { sought } from '../parts/sought.ts';

/** What one asks of the crisis log: lines of one kind said by people, what nobody said, or everything. */
export type LogKind = LogLine['kind'] | 'automatic' | 'all';
export const logKinds = ['fact', 'decision', 'action', 'message', 'automatic'] as const satisfies LogKind[];

/** A line, or a run of routine lines between two others, folded until opened. Oldest first inside. */
export type Entry = { kind: 'line'; line: LogLine } | { kind: 'fold'; first: number; lines: LogLine[]; open: boolean };

export interface LogChoice {
  kind: LogKind;
  search: string;
  /** Folds opened, by the sequence of their first line. */
  opened: ReadonlySet<number>;
  allOpen: boolean;
}

export interface LogShown {
  /** Newest first. */
  entries: Entry[];
  /** Lines that answer the choice, folded ones included. */
  chosen: number;
  folded: number;
}

/** Fewer alike in a row than this are read faster than unfolded. */
const FOLD_FROM = 3;

export const isOfKind = (line: LogLine, kind: LogKind): boolean =>
  kind === 'all' || (kind === 'automatic' ? line.automatic : line.kind === kind && !line.automatic);

/** What is shown of a log, and how much of it is folded. A search, and the automatic lines asked for, are shown whole. */
export function shownOf(log: readonly LogLine[], choice: LogChoice, words: (line: LogLine) => string): LogShown {
  const wanted = sought(choice.search.trim());
  const chosen = log.filter(
    (line) => isOfKind(line, choice.kind) && (wanted === '' || sought(words(line)).includes(wanted)),
  );
  const entries = wanted !== '' || choice.kind === 'automatic' ? chosen.map(asLine) : folded(chosen, choice);
  return {
    entries: entries.toReversed(),
    chosen: chosen.length,
    folded: entries.reduce((sum, entry) => sum + (entry.kind === 'fold' && !entry.open ? entry.lines.length : 0), 0),
  };
}

const asLine = (line: LogLine): Entry => ({ kind: 'line', line });

function folded(lines: readonly LogLine[], { opened, allOpen }: LogChoice): Entry[] {
  const entries: Entry[] = [];
  let run: LogLine[] = [];
  const close = () => {
    const first = run[0]?.sequence ?? 0;
    if (run.length < FOLD_FROM) entries.push(...run.map(asLine));
    else entries.push({ kind: 'fold', first, lines: run, open: allOpen || opened.has(first) });
    run = [];
  };
  for (const line of lines) {
    if (line.routine) run.push(line);
    else {
      close();
      entries.push(asLine(line));
    }
  }
  close();
  return entries;
}

/** What a fold is made of, most numerous first. */
export type RoutineSort = 'states' | 'holds' | 'holdEnds' | 'estimates' | 'alarms' | 'steps';

export function sortsOf(lines: readonly LogLine[]): [RoutineSort, number][] {
  const counts = new Map<RoutineSort, number>();
  for (const { code } of lines) counts.set(sortOf(code), (counts.get(sortOf(code)) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

function sortOf(code: string): RoutineSort {
  switch (code) {
    case 'ComponentStateChanged':
      return 'states';
    case 'HoldConfirmed':
      return 'holds';
    case 'HoldEnded':
      return 'holdEnds';
    case 'ReturnEstimated':
      return 'estimates';
    case 'AlarmWidened':
    case 'AlarmCleared':
      return 'alarms';
    default:
      return 'steps';
  }
}
