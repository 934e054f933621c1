import { useId, useState } from 'react';
import type { RecoveryComponentView, RecoveryStepView, RecoveryView } from '../../restore/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { useNames } from '../feed/names.ts';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';
import { ComponentDetails } from './ComponentDetails.tsx';
import { fraction } from './progress.ts';

/** Reopening is told on the care function, not on what carries it. */
const stepKinds = ['choose', 'fetch', 'start', 'verify'] as const satisfies RecoveryStepView['step'][];
const icons: { [state in RecoveryStepView['state']]: IconName | null } = {
  waiting: null,
  running: null,
  done: 'check',
  failed: 'gap',
  needsPerson: 'person',
};

/** The order of return, and for each component its four steps. */
export function Components({ recovery, now }: { recovery: RecoveryView; now: number }) {
  const { t } = useWords();
  return (
    <section className="card recovery" aria-labelledby="recovery-title">
      <h2 id="recovery-title">{t.restore.order}</h2>
      <div className="recovery-steps-head" aria-hidden="true">
        {stepKinds.map((step) => (
          <span key={step}>{t.restore.steps[step]}</span>
        ))}
      </div>
      <ol className="recovery-rows">
        {recovery.components
          .toSorted((one, other) => one.rank - other.rank)
          .map((component, index) => (
            <Row key={component.component} component={component} place={index + 1} now={now} />
          ))}
      </ol>
    </section>
  );
}

function Row({ component, place, now }: { component: RecoveryComponentView; place: number; now: number }) {
  const { t, say, language } = useWords();
  const name = useNames();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <li className="recovery-row">
      <h3>
        <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <span className="recovery-rank">{place}</span>
          <span className="recovery-name">
            <span>{say(component.name)}</span>
            <span className="soft">
              {component.careFunctions.length === 0
                ? t.restore.carriesNothing
                : t.restore.carries(
                    format.list(component.careFunctions.slice(0, 3).map(name), language),
                    Math.max(0, component.careFunctions.length - 3),
                  )}
            </span>
          </span>
        </button>
      </h3>
      <ol className="recovery-steps">
        {stepKinds.map((kind) => {
          const step = component.steps.find((one) => one.step === kind);
          return step === undefined ? (
            <li key={kind} className="recovery-step" />
          ) : (
            <Step key={kind} step={step} now={now} />
          );
        })}
      </ol>
      <div id={id} hidden={!open} className="recovery-details">
        {open && <ComponentDetails component={component} now={now} />}
      </div>
    </li>
  );
}

function Step({ step, now }: { step: RecoveryStepView; now: number }) {
  const { t, language } = useWords();
  const done = fraction(step);
  const icon = icons[step.state];
  const running =
    step.state === 'running' && step.startedAt !== null ? (now - Date.parse(step.startedAt)) / 1000 : null;
  const told =
    step.seconds !== null
      ? format.secondsLong(step.seconds, language)
      : running === null
        ? null
        : done === null
          ? format.secondsLong(running, language)
          : `${Math.floor(done * 100)} %`;
  const failure = step.failure === null ? '' : (entry(t.restore.failures, step.failure.code) ?? step.failure.code);
  return (
    <li className="recovery-step" data-step={step.state} title={failure}>
      <span className="recovery-step-name">{t.restore.steps[step.step]}</span>
      <span
        className="recovery-step-bar"
        data-endless={step.state === 'running' && done === null}
        style={{ '--done': done ?? 0 }}
      />
      <span className="recovery-step-words">
        {icon !== null && <Icon name={icon} />}
        <span
          className={
            step.state === 'done' || step.state === 'running' || step.state === 'waiting' ? 'visually-hidden' : ''
          }
        >
          {t.restore.stepStates[step.state]}
        </span>
        {told !== null && <span>{told}</span>}
        {step.attempt > 1 && <span className="soft">{t.restore.attempt(step.attempt)}</span>}
      </span>
    </li>
  );
}
