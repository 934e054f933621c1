import type { RecoveryView } from '../../restore/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { fraction, leading } from './progress.ts';

/** One card, one thing: what is asked of a person, or what runs meanwhile. */
export function Headline({ recovery }: { recovery: RecoveryView }) {
  const { t, say, language } = useWords();
  const lead = leading(recovery);
  if (recovery.blocked !== null && recovery.closed === null) {
    return (
      <section className="headline" data-lead="failed">
        <p className="first-title">{t.restore.blocked}</p>
        <RefusalNote refusal={recovery.blocked} />
      </section>
    );
  }
  switch (lead.kind) {
    case 'release':
      return (
        <div className="headline-list">
          {lead.careFunctions.map((one) => (
            <Release key={one.careFunction} recovery={recovery} careFunction={one} />
          ))}
        </div>
      );
    case 'person':
    case 'failed': {
      const { failure } = lead.step;
      const title =
        lead.kind === 'person'
          ? t.restore.personAwaited
          : failure?.retryable === true
            ? t.restore.retries
            : t.restore.stepFailed;
      return (
        <section className="headline" data-lead={lead.kind}>
          <p className="first-eyebrow">{title}</p>
          <p className="first-title">{t.restore.doing[lead.step.step](say(lead.component.name))}</p>
          {failure !== null && (
            <p>
              {entry(t.restore.failures, failure.code) ?? t.parts.refused(failure.code)}{' '}
              <span className="soft">{failure.detail}</span>
            </p>
          )}
          {failure?.retryable !== true && (
            <Retry
              recovery={recovery.recovery}
              component={lead.component.component}
              hasOlder={lead.step.step === 'verify'}
            />
          )}
        </section>
      );
    }
    case 'running': {
      const done = fraction(lead.step);
      return (
        <section className="headline">
          <p className="first-eyebrow">{t.restore.running}</p>
          <p className="first-title">{t.restore.doing[lead.step.step](say(lead.component.name))}</p>
          {done !== null && (
            <p className="headline-progress">
              <progress aria-label={t.restore.steps[lead.step.step]} max={1} value={done} />
              <span>{format.number(Math.floor(done * 100), language)} %</span>
            </p>
          )}
        </section>
      );
    }
    case 'waiting':
      return (
        <section className="headline">
          <p className="first-eyebrow">{t.restore.running}</p>
          <p className="first-title">{t.restore.aboutToStart}</p>
        </section>
      );
    case 'finished':
      return (
        <section className="headline">
          <p className="first-title">
            {recovery.closed === 'abandoned' ? t.restore.closed.abandoned : t.restore.allReopened}
          </p>
        </section>
      );
  }
}

/** Only where the step will not start again by itself. `hasOlder`: the night itself did not answer as it should, an older one may. */
function Retry({ recovery, component, hasOlder }: { recovery: string; component: string; hasOlder: boolean }) {
  const { t } = useWords();
  const { world } = useWorld();
  const retry = useWorldAct<{ recovery: string; component: string; olderNight: boolean }>(world, 'recoveries/retry');
  return (
    <div className="no-print">
      {retry.isError && <RefusalNote refusal={refusalOf(retry.error)} />}
      <Button
        look="main"
        size="large"
        disabled={retry.isPending}
        onClick={() => retry.mutate({ recovery, component, olderNight: false })}
      >
        {t.restore.tryAgain}
      </Button>
      {hasOlder && (
        <Button disabled={retry.isPending} onClick={() => retry.mutate({ recovery, component, olderNight: true })}>
          {t.restore.olderNight}
        </Button>
      )}
    </div>
  );
}

/** Opening a care function to clinicians: shows what was verified and what is lost, before the press that must be held. */
function Release({
  recovery,
  careFunction,
}: {
  recovery: RecoveryView;
  careFunction: RecoveryView['careFunctions'][number];
}) {
  const { t, say, reading, language } = useWords();
  const { world, feed } = useWorld();
  const now = useNow();
  const release = useWorldAct<{ recovery: string; careFunction: string }>(world, 'releases');
  const waits = (feed.views.approvals?.approvals ?? []).some(
    ({ asked }) => asked.recovery === recovery.recovery && asked.careFunction === careFunction.careFunction,
  );
  const carried = recovery.components.filter((component) =>
    component.careFunctions.includes(careFunction.careFunction),
  );
  const checks = carried.flatMap((component) => component.checks);
  const differ = checks.filter((check) => !check.agrees).length;
  return (
    <section className="headline" data-lead="release">
      <p className="first-eyebrow">{t.restore.readyToReopen}</p>
      <p className="first-title">{say(careFunction.name)}</p>
      <ul className="reasons">
        <li>{t.restore.factsVerified(checks.length - differ, checks.length)}</li>
        <li>
          {careFunction.horizon === null
            ? t.restore.horizonUnknown
            : t.restore.dataUntil(format.when('until', careFunction.horizon, now, reading))}
        </li>
        {careFunction.horizon !== null && (
          <li>
            {t.restore.missing(
              format.minutesLong(
                (Date.parse(recovery.lossSince) - Date.parse(careFunction.horizon)) / 60_000,
                language,
              ),
            )}
          </li>
        )}
        {recovery.isolation !== null && (
          <li>{t.restore.isolationShort(recovery.isolation.attempts, recovery.isolation.escaped)}</li>
        )}
      </ul>
      {waits && <p role="status">{t.approvals.asked}</p>}
      {release.isError && <RefusalNote refusal={refusalOf(release.error)} />}
      <div className="no-print">
        <HoldButton
          size="large"
          disabled={release.isPending || waits}
          onHeld={() => release.mutate({ recovery: recovery.recovery, careFunction: careFunction.careFunction })}
        >
          {t.restore.reopen}
        </HoldButton>
      </div>
    </section>
  );
}
