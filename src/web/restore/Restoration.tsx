import { Link } from 'wouter';
import type { RecoveryView } from '../../restore/views.ts';
import * as format from '../../words/format.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNames } from '../feed/names.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { DrillButton } from '../prepare/PlayIncident.tsx';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { Components } from './Components.tsx';
import { Functions } from './Functions.tsx';
import { Headline } from './Headline.tsx';
import { Isolation } from './Isolation.tsx';
import { RestoreTabs } from './RestoreTabs.tsx';
import './restoration.css';

export function Restoration() {
  const { t } = useWords();
  const { feed } = useWorld();
  const view = feed.views.restoration;
  if (view === undefined)
    return (
      <Page title={t.shell.restoration}>
        <p className="soft">{t.parts.opening}</p>
      </Page>
    );
  const shown = view.recoveries.find((recovery) => recovery.closed === null) ?? view.recoveries[0];
  if (shown === undefined) return <NoRecovery />;
  return <Recovery key={shown.recovery} recovery={shown} />;
}

function NoRecovery() {
  const { t } = useWords();
  const { world, feed } = useWorld();
  const plan = useWorldAct<{ incident: string }>(world, 'recoveries');
  const open = feed.views.incidents?.incidents.find((incident) => incident.closedAt === null);
  return (
    <Page title={t.restore.none}>
      <RestoreTabs />
      <div className="empty">
        <p>{t.restore.noneMeans}</p>
        {plan.isError && <RefusalNote refusal={refusalOf(plan.error)} />}
        <div className="empty-acts">
          {open !== undefined && (
            <Button look="main" disabled={plan.isPending} onClick={() => plan.mutate({ incident: open.incident })}>
              {t.restore.plan}
            </Button>
          )}
          <Link href="/" className="button button-plain">
            {t.activate.toBoard}
          </Link>
          {feed.world?.info.kind === 'live' && <DrillButton />}
        </div>
      </div>
    </Page>
  );
}

function Recovery({ recovery }: { recovery: RecoveryView }) {
  const { t, language, reading } = useWords();
  const now = useNow();
  const name = useNames();
  const lost = Date.parse(recovery.lossSince);
  return (
    <Page
      title={t.shell.restoration}
      lead={
        <p>
          {[
            t.activate.lossSince(
              format.when('since', lost, now, reading),
              format.secondsLong((now - lost) / 1000, language),
            ),
            t.restore.componentsCount(recovery.components.length),
            ...(recovery.closed === null ? [] : [t.restore.closed[recovery.closed]]),
          ].join(' · ')}
        </p>
      }
      tools={
        <Button look="quiet" icon="print" onClick={() => print()}>
          {t.parts.print}
        </Button>
      }
      className="restoration"
    >
      <RestoreTabs />
      <Headline recovery={recovery} />
      <Functions recovery={recovery} now={now} />
      <Components recovery={recovery} now={now} />
      <div className="restoration-feet">
        <Isolation recovery={recovery} now={now} />
        {recovery.leftOut.length > 0 && (
          <section className="card">
            <h2>{t.restore.leftOut}</h2>
            <dl className="facts">
              {recovery.leftOut.map((one) => (
                <div key={one.component}>
                  <dt>{name(one.component)}</dt>
                  <dd>{t.restore.leftOutBecause(one.because)}</dd>
                </div>
              ))}
            </dl>
          </section>
        )}
      </div>
    </Page>
  );
}
