import { type FormEvent, useState } from 'react';
import type { ComponentBackupsView } from '../../../restore/nights/views.ts';
import * as format from '../../../words/format.ts';
import { usePersonName } from '../../access/people.ts';
import { refusalOf, useWorldAct } from '../../access/requests.ts';
import { useNow, useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useMay } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';

/** A person knows what a sign is; two say so, and may take it back. */
export function Explain({
  of: { component, explained },
  rule,
  isExplained,
}: {
  of: ComponentBackupsView;
  rule: string;
  isExplained: boolean;
}) {
  const { t, reading } = useWords();
  const may = useMay();
  const now = useNow();
  const { world, feed } = useWorld();
  const nameOf = usePersonName();
  const act = useWorldAct<{ component: string; rule: string; explained: boolean; reason: string }>(
    world,
    'signs/explain',
  );
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const who = explained[rule];
  const waits = (feed.views.approvals?.approvals ?? []).some(
    ({ act: waiting, asked }) => waiting === 'sign.explain' && asked.component === component && asked.rule === rule,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate({ component, rule, explained: !isExplained, reason }, { onSuccess: () => setOpen(false) });
  };
  return (
    <>
      {isExplained && (
        <p className="soft">
          {who === undefined
            ? t.backups.explainedPlain
            : t.backups.explained(nameOf(who.by), format.when('at', who.at, now, reading))}
        </p>
      )}
      {waits && <p role="status">{t.approvals.asked}</p>}
      {!waits && !isOpen && may('sign.explain') && (
        <Button look="quiet" size="small" className="no-print" onClick={() => setOpen(true)}>
          {isExplained ? t.backups.unexplain : t.backups.explain}
        </Button>
      )}
      {!waits && isOpen && (
        <form className="backups-form" onSubmit={submit}>
          <p>{isExplained ? t.backups.unexplainMeans : t.backups.explainMeans}</p>
          <label className="field">
            <span>{t.backups.explainWhy}</span>
            <textarea
              required
              maxLength={1000}
              rows={3}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
          <div className="backups-acts">
            <Button type="submit" disabled={act.isPending || reason.trim() === ''}>
              {t.backups.explainDo}
            </Button>
            <Button onClick={() => setOpen(false)}>{t.parts.cancel}</Button>
          </div>
        </form>
      )}
      {act.isError && <RefusalNote refusal={refusalOf(act.error)} />}
    </>
  );
}
