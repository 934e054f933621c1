import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { BackupsView } from '../../restore/nights/views.ts';
import * as format from '../../words/format.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button, buttonClass } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { RestoreTabs } from '../restore/RestoreTabs.tsx';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { ComponentRow } from './ComponentRow.tsx';
import { Compromise } from './Compromise.tsx';
import { IncidentNote } from './IncidentNote.tsx';
import { Pass } from './Pass.tsx';
import { Sheet } from './Sheet.tsx';
import { Legend } from './strip/Legend.tsx';
import { fittingPeriod, type Period, periods, type Span, spanOf, ticksOf } from './strip/layout.ts';
import { dayIn, instantOfDay } from './times.ts';

const WEEK = 7 * 86_400_000;

/** Every component's nights on one calendar, in the order of care. */
export function BackupsScreen({ view }: { view: BackupsView }) {
  const { t } = useWords();
  const { feed } = useWorld();
  const { components } = view;
  const isElsewhere = feed.world?.info.kind === 'exercise';
  if (components.length === 0 || components.every(({ readable, nights }) => !readable && nights.length === 0))
    return <Nothing view={view} isElsewhere={isElsewhere} />;
  return (
    <Page
      title={t.backups.title}
      lead={<Whole view={view} />}
      className="backups"
      tools={
        <Button look="quiet" icon="print" onClick={() => print()}>
          {t.parts.print}
        </Button>
      }
    >
      <RestoreTabs />
      <IncidentNote view={view} />
      <div className="backups-heads no-print">
        <Pass view={view} />
        <Compromise view={view} />
      </div>
      <List view={view} />
      <Sheet view={view} />
    </Page>
  );
}

/** One calm sentence: how much of it was seen to come back. */
function Whole({ view: { components } }: { view: BackupsView }) {
  const { t } = useWords();
  const now = useNow();
  const provedThisWeek = components.filter(
    ({ badge, proof }) => badge === 'proved' && now - Date.parse(proof.last?.at ?? '') <= WEEK,
  );
  const never = components.filter(({ proof }) => proof.last === null).length;
  const failed = components.filter(({ proof }) => proof.last?.outcome === 'failed').length;
  const changed = components.filter(({ badge }) => badge === 'changed').length;
  const parts = [
    t.backups.whole(provedThisWeek.length, components.length),
    ...(failed > 0 ? [t.backups.wholeFailed(failed)] : []),
    ...(changed > 0 ? [t.backups.wholeChanged(changed)] : []),
    ...(never > 0 ? [t.backups.wholeNever(never)] : []),
  ];
  return <p>{parts.join(' ; ')}.</p>;
}

function List({ view }: { view: BackupsView }) {
  const { t } = useWords();
  const now = useNow();
  const { reading } = useWords();
  const { components } = view;
  const dayOf = useMemo(() => dayIn(reading.timeZone), [reading.timeZone]);
  const [asked, ask] = useState<Period | null>(null);
  const today = dayOf(now);
  const fitting = useMemo(
    () => fittingPeriod(components, instantOfDay(reading.timeZone, today), dayOf),
    [components, reading.timeZone, today, dayOf],
  );
  const period = asked ?? fitting;
  const span = useMemo(
    () => spanOf(components, period, instantOfDay(reading.timeZone, today), dayOf),
    [components, period, reading.timeZone, today, dayOf],
  );
  return (
    <section className="card backups-list no-print" aria-labelledby="backups-list">
      <div className="backups-list-head">
        <h2 id="backups-list">{t.backups.list}</h2>
        <Choice
          legend={t.backups.window}
          legendShown={false}
          value={period}
          options={periods.map((value) => ({ value, label: t.backups.windows[value] }))}
          onChange={ask}
        />
      </div>
      <Legend />
      <Days span={span} />
      <ol className="backup-rows">
        {components.map((of) => (
          <ComponentRow key={of.component} of={of} span={span} />
        ))}
      </ol>
    </section>
  );
}

/** The calendar all strips share. */
function Days({ span }: { span: Span }) {
  const { t, reading } = useWords();
  const now = useNow();
  const days = span.to - span.from + 1;
  return (
    <div className="strip-days" aria-hidden="true">
      {ticksOf(span, 5).map((day, index) => (
        <span
          key={day}
          data-odd={index % 2 === 1}
          data-today={day === span.to}
          style={{ '--at': (day - span.from + 0.5) / days }}
        >
          {day === span.to ? t.backups.today : format.dayMonth(instantOfDay(reading.timeZone, day), now, reading)}
        </span>
      ))}
    </div>
  );
}

function Nothing({ view: { components }, isElsewhere }: { view: BackupsView; isElsewhere: boolean }) {
  const { t, language } = useWords();
  const sources = [...new Set(components.map(({ source }) => source))];
  const [title, means] = isElsewhere
    ? [t.backups.elsewhere, t.backups.elsewhereMeans]
    : sources.length === 0
      ? [t.backups.noneYet, t.backups.noneYetMeans]
      : [t.backups.notConfigured, t.backups.notConfiguredMeans(format.list(sources, language))];
  return (
    <Page title={t.backups.title}>
      <RestoreTabs />
      <div className="empty">
        <h2>{title}</h2>
        <p>{means}</p>
        <div className="empty-acts">
          <Link href="/map" className={buttonClass('plain', 'usual')}>
            {t.backups.toMap}
          </Link>
        </div>
        {components.length > 0 && !isElsewhere && <Unread components={components} />}
      </div>
    </Page>
  );
}

/** What would be read, and what hangs on it: why it is worth the while. */
function Unread({ components }: { components: BackupsView['components'] }) {
  const { t, say, language } = useWords();
  return (
    <dl className="facts backups-unread">
      {components.map((of) => (
        <div key={of.component}>
          <dt>{say(of.name)}</dt>
          <dd>
            {of.careFunctions.length === 0
              ? t.backups.carriesNothing
              : t.backups.carries(
                  format.list(
                    of.careFunctions.slice(0, 3).map((one) => say(one.name)),
                    language,
                  ),
                  Math.max(0, of.careFunctions.length - 3),
                )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
