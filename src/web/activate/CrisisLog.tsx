import { type KeyboardEvent, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { IncidentView, LogLine } from '../../activate/views.ts';
import * as format from '../../words/format.ts';
import { usePersonName } from '../access/people.ts';
import { useNames } from '../feed/names.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { SearchField } from '../parts/SearchField.tsx';
import { SealCode } from '../people/SealCode.tsx';
import { useWords } from '../words/Words.tsx';
import { LogEntries } from './LogEntries.tsx';
import { isOfKind, type LogKind, type LogShown, logKinds, shownOf, sortsOf } from './logEntries.ts';
import { sentence } from './sentence.ts';
import { WriteLine } from './WriteLine.tsx';
import './log.css';

/** Written by the events themselves, newest first; a person adds a line, and corrects by another. Routine lines stand folded. */
export function CrisisLog({ incident, now }: { incident: IncidentView; now: number }) {
  const speech = useWords();
  const { t, reading } = speech;
  const name = useNames();
  const who = usePersonName();
  const [kind, choose] = useState<LogKind>('all');
  const [search, seek] = useState('');
  const [opened, open] = useState<ReadonlySet<number>>(new Set());
  const [allOpen, openAll] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const asked = useDeferredValue(search);
  const today = format.day(now, reading);
  // biome-ignore lint/correctness/useExhaustiveDependencies: times are written with the day of today only; the log is not read again each second
  const asOf = useMemo(() => now, [today]);
  const say = useCallback((line: LogLine) => sentence(line, asOf, name, speech), [asOf, name, speech]);
  const shown = useMemo(
    () => shownOf(incident.log, { kind, search: asked, opened, allOpen }, (line) => `${say(line)} ${who(line.actor)}`),
    [incident.log, kind, asked, opened, allOpen, say, who],
  );
  const toggle = useCallback(
    (first: number) =>
      open((before) => {
        const after = new Set(before);
        if (!after.delete(first)) after.add(first);
        return after;
      }),
    [],
  );
  const askForKeys = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.current?.focus();
  };
  const count = (one: LogKind) => incident.log.filter((line) => isOfKind(line, one)).length;
  const hasFolds = shown.entries.some((entry) => entry.kind === 'fold');
  return (
    <section className="crisis-log card" aria-labelledby="crisis-log-title" onKeyDown={askForKeys}>
      <div className="level-head">
        <h2 id="crisis-log-title">{t.activate.log}</h2>
        <Copy shown={shown} incident={incident} now={now} />
      </div>
      {incident.closedAt === null && <WriteLine incident={incident.incident} />}
      <div className="log-tools no-print">
        <Choice
          legend={t.activate.filter}
          legendShown={false}
          value={kind}
          options={[
            { value: 'all' as const, label: t.activate.allKinds },
            ...logKinds.map((one) => ({ value: one, label: `${t.activate.kindsPlural[one]} ${count(one)}` })),
          ]}
          onChange={choose}
        />
        <SearchField label={t.activate.searchLog} value={search} onChange={seek} field={field} />
      </div>
      <div className="log-state">
        <p role="status">
          {[
            kind === 'all' ? null : t.activate.kindsPlural[kind],
            asked.trim() === '' ? null : t.activate.searched(asked.trim()),
            t.activate.linesOf(shown.chosen, incident.log.length + incident.logFrom),
            shown.folded === 0 ? null : t.activate.folded(shown.folded),
            incident.logFrom === 0 ? null : t.activate.leftOut(incident.logFrom),
          ]
            .filter((part) => part !== null)
            .join(' · ')}
        </p>
        {hasFolds && (
          <Button
            look="quiet"
            size="small"
            aria-expanded={allOpen}
            onClick={() => {
              openAll(!allOpen);
              open(new Set());
            }}
          >
            {allOpen ? t.activate.foldAll : t.activate.unfoldAll}
          </Button>
        )}
      </div>
      {shown.entries.length === 0 && <p className="soft">{t.activate.noLine}</p>}
      <LogEntries entries={shown.entries} asOf={asOf} say={say} onToggle={toggle} canToggle={!allOpen} />
      <div className="only-print">
        <SealCode />
      </div>
    </section>
  );
}

/** Copies what is shown, oldest first; what is folded says so. */
function Copy({ shown, incident, now }: { shown: LogShown; incident: IncidentView; now: number }) {
  const speech = useWords();
  const { t, reading } = speech;
  const name = useNames();
  const who = usePersonName();
  const [copied, setCopied] = useState(false);
  const lineText = (line: LogLine) =>
    [
      format.moment(line.at, now, reading),
      line.automatic ? t.activate.automaticLine : t.activate.kinds[line.kind],
      sentence(line, now, name, speech),
      who(line.actor),
    ].join('\t');
  const copy = async () => {
    const texts = shown.entries.toReversed().flatMap((entry) =>
      entry.kind === 'line'
        ? [lineText(entry.line)]
        : entry.open
          ? entry.lines.map(lineText)
          : [
              `(${sortsOf(entry.lines)
                .map(([sort, lines]) => t.activate.routine[sort](lines))
                .join(', ')})`,
            ],
    );
    if (incident.logFrom > 0) texts.unshift(`(${t.activate.leftOut(incident.logFrom)})`);
    await navigator.clipboard.writeText(texts.join('\n'));
    setCopied(true);
  };
  return (
    <Button look="quiet" size="small" icon="copy" onClick={() => void copy()}>
      {copied ? t.parts.copied : t.parts.copy}
    </Button>
  );
}
