import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { useMay } from './requests.ts';

/** An incident that is over and told of: what people typed in its log can be made unreadable, two of them agreeing. */
export function EraseTexts({ incident }: { incident: string }) {
  const { t } = useWords();
  const { world, feed } = useWorld();
  const may = useMay();
  const erase = useWorldAct<{ subject: string }>(world, 'erasures');
  if (!may('private.erase') || feed.world?.info.kind !== 'live') return null;
  return (
    <section className="card no-print">
      <h2>{t.people.eraseTexts}</h2>
      <p className="soft">{t.people.eraseTextsMeans}</p>
      {erase.isError && <RefusalNote refusal={refusalOf(erase.error)} />}
      {erase.isSuccess && <p role="status">{t.approvals.asked}</p>}
      <div>
        <HoldButton look="plain" disabled={erase.isPending} onHeld={() => erase.mutate({ subject: incident })}>
          {t.people.eraseTexts}
        </HoldButton>
      </div>
    </section>
  );
}
