import { type FormEvent, useId, useState } from 'react';
import type { IncidentView, LogLine } from '../../activate/views.ts';
import * as format from '../../words/format.ts';
import { usePersonName } from '../access/people.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNames } from '../feed/names.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { sentence } from './sentence.ts';
import './log.css';

const kinds = ['fact', 'decision', 'action', 'message'] as const satisfies LogLine['kind'][];

/** Written by the events themselves, newest first; a person adds a line, and corrects by another. */
export function CrisisLog({ incident, now }: { incident: IncidentView; now: number }) {
  const speech = useWords();
  const { t, reading } = speech;
  const name = useNames();
  const [filter, setFilter] = useState<LogLine['kind'] | 'all'>('all');
  const [copied, setCopied] = useState(false);
  const who = usePersonName();
  const lines = incident.log.filter((line) => filter === 'all' || line.kind === filter).toReversed();
  const copy = async () => {
    const text = lines
      .toReversed()
      .map((line) =>
        [
          format.moment(line.at, now, reading),
          t.activate.kinds[line.kind],
          sentence(line, now, name, speech),
          who(line.actor),
        ].join('\t'),
      )
      .join('\n');
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <section className="crisis-log card" aria-labelledby="crisis-log-title">
      <div className="level-head">
        <h2 id="crisis-log-title">{t.activate.log}</h2>
        <Button look="quiet" size="small" icon="copy" onClick={() => void copy()}>
          {copied ? t.parts.copied : t.parts.copy}
        </Button>
      </div>
      {incident.closedAt === null && <Write incident={incident.incident} />}
      <div className="no-print">
        <Choice
          legend={t.activate.filter}
          legendShown={false}
          value={filter}
          options={[
            { value: 'all' as const, label: t.activate.allKinds },
            ...kinds.map((kind) => ({ value: kind, label: t.activate.kindsPlural[kind] })),
          ]}
          onChange={setFilter}
        />
      </div>
      {lines.length === 0 && <p className="soft">{t.activate.noLine}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached and scrolled by keys (WCAG 2.1.1) */}
      <div className="log-lines" role="log" aria-live="off" aria-labelledby="crisis-log-title" tabIndex={0}>
        <ol>
          {lines.map((line) => (
            <li key={line.sequence} data-kind={line.kind}>
              <time dateTime={line.at}>{format.moment(line.at, now, reading)}</time>
              <div>
                <p>{sentence(line, now, name, speech)}</p>
                <p className="log-by">
                  {t.activate.kinds[line.kind]} · {who(line.actor)}
                </p>
              </div>
            </li>
          ))}
        </ol>
      </div>
      {incident.logFrom > 0 && <p className="soft">{t.activate.olderLines(incident.logFrom)}</p>}
    </section>
  );
}

function Write({ incident }: { incident: string }) {
  const { t } = useWords();
  const { world } = useWorld();
  const id = useId();
  const [kind, choose] = useState<LogLine['kind']>('fact');
  const [text, setText] = useState('');
  const write = useWorldAct<{ incident: string; kind: LogLine['kind']; text: string }>(world, 'log');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    write.mutate({ incident, kind, text: text.trim() }, { onSuccess: () => setText('') });
  };
  return (
    <form className="log-write no-print" onSubmit={submit}>
      <Choice
        legend={t.activate.kind}
        legendShown={false}
        value={kind}
        options={kinds.map((one) => ({ value: one, label: t.activate.kinds[one] }))}
        onChange={choose}
      />
      <label htmlFor={id} className="visually-hidden">
        {t.activate.newLine}
      </label>
      <textarea
        id={id}
        className="input"
        rows={2}
        maxLength={4000}
        placeholder={t.activate.newLine}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {write.isError && <RefusalNote refusal={refusalOf(write.error)} />}
      <Button type="submit" disabled={text.trim() === '' || write.isPending}>
        {t.activate.write}
      </Button>
    </form>
  );
}
