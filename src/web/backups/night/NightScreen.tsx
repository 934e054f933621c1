import { useMemo } from 'react';
import { Link } from 'wouter';
import type { BackupsView, ComponentBackupsView, NightView } from '../../../restore/nights/views.ts';
import { useNow } from '../../feed/World.tsx';
import { Button, buttonClass } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { RestoreTabs } from '../../restore/RestoreTabs.tsx';
import { Page } from '../../shell/Page.tsx';
import { useWords } from '../../words/Words.tsx';
import { Badge } from '../Badge.tsx';
import { LastClear } from '../ComponentRow.tsx';
import { Inside } from '../inside/Inside.tsx';
import { LookState } from '../LookState.tsx';
import { fittingPeriod, spanOf } from '../strip/layout.ts';
import { NightMark } from '../strip/NightMark.tsx';
import { stateOf } from '../strip/nightState.ts';
import { Facts, nightPath, Strip } from '../strip/Strip.tsx';
import { dayIn, instantOfDay, nightTime } from '../times.ts';
import { LossCard } from './LossCard.tsx';
import { ProofCard } from './ProofCard.tsx';
import { VerdictCard } from './VerdictCard.tsx';

/** One night of one component: what was found, what going back to it loses, and what stands in it. */
export function NightScreen({ view, component, snapshot }: { view: BackupsView; component: string; snapshot: string }) {
  const { t } = useWords();
  const of = view.components.find((one) => one.component === component);
  const night = of?.nights.find((one) => one.snapshot === snapshot);
  if (of === undefined || night === undefined)
    return (
      <Page title={t.backups.title}>
        <RestoreTabs />
        <div className="empty">
          <p>{t.refusals['not-found'].what}</p>
          <Link href="/restoration/backups" className={buttonClass('plain', 'usual')}>
            {t.backups.back}
          </Link>
        </div>
      </Page>
    );
  return <Night view={view} of={of} night={night} />;
}

function Night({ view, of, night }: { view: BackupsView; of: ComponentBackupsView; night: NightView }) {
  const { t, say, reading } = useWords();
  const now = useNow();
  const { nights, component } = of;
  const dayOf = useMemo(() => dayIn(reading.timeZone), [reading.timeZone]);
  const today = instantOfDay(reading.timeZone, dayOf(now));
  const fitting = fittingPeriod([of], today, dayOf);
  const recent = spanOf([of], fitting, today, dayOf);
  // The night one looks at is on its strip.
  const span = dayOf(Date.parse(night.time)) < recent.from ? spanOf([of], 'all', today, dayOf) : recent;
  const at = nights.indexOf(night);
  const state = stateOf(night);
  return (
    <Page
      title={say(of.name)}
      lead={
        <p className="night-lead">
          <time dateTime={night.time}>{t.backups.nightOf(nightTime(night.time, now, reading))}</time>
          <NightMark state={state} />
          <Facts night={night} />
        </p>
      }
      className="night-page"
      tools={
        <Button look="quiet" icon="print" onClick={() => print()}>
          {t.parts.print}
        </Button>
      }
    >
      <RestoreTabs />
      <nav className="night-ways no-print" aria-label={t.backups.title}>
        <Link href="/restoration/backups">
          <Icon name="chevron" className="strip-back" /> {t.backups.back}
        </Link>
        <Beside component={component} night={nights[at - 1]} label={t.backups.previous} />
        <Beside component={component} night={nights[at + 1]} label={t.backups.following} />
      </nav>
      <section className="card night-strip">
        <Strip of={of} here={night.snapshot} {...span} />
        <div className="night-known">
          <LastClear of={of} />
          <Badge of={of} />
          <LookState of={of} />
        </div>
      </section>
      <div className="night-cards">
        <VerdictCard of={of} night={night} />
        <div className="night-cards-side">
          <LossCard of={of} night={night} />
          <ProofCard of={of} night={night} isRunning={view.proof !== null} />
        </div>
      </div>
      <Inside of={of} night={night} />
    </Page>
  );
}

function Beside({ component, night, label }: { component: string; night: NightView | undefined; label: string }) {
  if (night === undefined) return null;
  return <Link href={nightPath(component, night.snapshot)}>{label}</Link>;
}
