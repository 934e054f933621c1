import { type FormEvent, useState } from 'react';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { refusalOf, useWorldAct } from './requests.ts';

/** The second person is on the telephone: they read the code of their authenticator application aloud. */
export function SpokenCode({ approval }: { approval: string }) {
  const { t } = useWords();
  const { world } = useWorld();
  const [name, setName] = useState('');
  const [code, setCode] = useState('');
  const spoken = useWorldAct<{ approval: string; name: string; code: string }>(world, 'approvals/spoken');
  function submit(event: FormEvent) {
    event.preventDefault();
    spoken.mutate({ approval, name, code }, { onSettled: () => setCode('') });
  }
  return (
    <details className="spoken">
      <summary>{t.approvals.spoken}</summary>
      <form onSubmit={submit}>
        <p>{t.approvals.spokenMeans}</p>
        <Field
          label={t.approvals.theirName}
          value={name}
          onChange={({ target }) => setName(target.value)}
          autoComplete="off"
          autoCapitalize="none"
        />
        <Field
          label={t.approvals.theirCode}
          value={code}
          onChange={({ target }) => setCode(target.value)}
          inputMode="numeric"
          autoComplete="off"
        />
        {spoken.isError && <RefusalNote refusal={refusalOf(spoken.error)} />}
        <Button type="submit" look="main" disabled={spoken.isPending || name === '' || code === ''}>
          {t.approvals.confirm}
        </Button>
      </form>
    </details>
  );
}
