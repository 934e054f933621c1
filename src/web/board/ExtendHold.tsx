import { type FormEvent, useState } from 'react';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

/** The degraded mode has been held as long as it bears: only a named clinician goes further, and says why. */
export function ExtendHold({ careFunction, ward, onDone }: { careFunction: string; ward: string; onDone(): void }) {
  const { t } = useWords();
  const { world } = useWorld();
  const [reason, setReason] = useState('');
  const extend = useWorldAct<{ careFunction: string; ward: string; reason: string }>(world, 'holds/extend');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    extend.mutate({ careFunction, ward, reason: reason.trim() }, { onSuccess: onDone });
  };
  return (
    <form className="extend-hold" onSubmit={submit}>
      <Field
        label={t.board.extendWhy}
        maxLength={1000}
        required
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {extend.isError && <RefusalNote refusal={refusalOf(extend.error)} />}
      <Button type="submit" look="main" disabled={reason.trim() === '' || extend.isPending}>
        {t.board.extend}
      </Button>
    </form>
  );
}
