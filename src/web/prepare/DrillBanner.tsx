import { Link } from 'wouter';
import { entry } from '../../words/entry.ts';
import { refusalOf, useAct } from '../access/requests.ts';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { type DrillStatus, useDrill } from './drill.ts';

/** The drill is real, the hospital is not: it says so, and how far it has come. */
export function DrillBanner() {
  const { t } = useWords();
  const drill = useDrill(true);
  const stop = useAct('/api/drill/stop', ['worlds', 'drill']);
  const status = drill.data;
  return (
    <section className="world-banner" aria-label={t.prepare.drill}>
      <div className="world-banner-words">
        <p className="world-banner-what">{t.prepare.drillNotReal}</p>
        <p>{status === undefined ? t.prepare.drillIs : <Progress status={status} />}</p>
      </div>
      <div className="world-banner-acts no-print">
        {status !== undefined && (
          <HoldButton look="plain" disabled={stop.isPending} onHeld={() => stop.mutate(undefined)}>
            {status.running ? t.prepare.stopDrill : t.prepare.putAway}
          </HoldButton>
        )}
        <Link href="~/" className="button button-plain button-small">
          {t.prepare.backToReal}
        </Link>
      </div>
      {stop.isError && <RefusalNote refusal={refusalOf(stop.error)} />}
      {status?.outcome?.ok === false && <RefusalNote refusal={status.outcome.refusal} />}
    </section>
  );
}

export function Progress({ status }: { status: DrillStatus }) {
  const { t } = useWords();
  if (status.outcome?.ok === true) return status.outcome.value.ok ? t.prepare.drillSucceeded : t.prepare.drillFell;
  if (status.outcome?.ok === false) return t.prepare.drillFell;
  return status.stage === null ? t.prepare.drillIs : (entry(t.prepare.stages, status.stage) ?? status.stage);
}
