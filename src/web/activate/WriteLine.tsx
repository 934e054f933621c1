import { type FormEvent, useId, useState } from 'react';
import type { LogLine } from '../../activate/views.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

const kinds = ['fact', 'decision', 'action', 'message'] as const satisfies LogLine['kind'][];

/** A person's line: what happens, what is decided, what is done or said. */
export function WriteLine({ incident }: { incident: string }) {
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
