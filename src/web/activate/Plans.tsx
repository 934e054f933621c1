import type { IncidentView, StepView } from '../../activate/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';

const icons: { [state in StepView['state']]: IconName } = {
  waiting: 'clock',
  ready: 'chevron',
  done: 'check',
  skipped: 'diverted',
  failed: 'gap',
};

export function Plans({ incident, now }: { incident: IncidentView; now: number }) {
  const { t, say } = useWords();
  if (incident.plans.length === 0)
    return (
      <section className="card">
        <h2>{t.activate.plan}</h2>
        <p className="soft">{t.activate.noPlan}</p>
      </section>
    );
  return (
    <>
      {incident.plans.map((plan) => {
        const done = plan.steps.filter((step) => step.state === 'done' || step.state === 'skipped').length;
        return (
          <section key={plan.plan} className="card plan">
            <div className="level-head">
              <h2>{say(plan.name)}</h2>
              <p className="soft">{t.activate.stepsDone(done, plan.steps.length)}</p>
            </div>
            <ol>
              {plan.steps.map((step) => (
                <Step key={step.id} step={step} now={now} />
              ))}
            </ol>
          </section>
        );
      })}
    </>
  );
}

function Step({ step, now }: { step: StepView; now: number }) {
  const { t, say, reading } = useWords();
  const facts = [
    step.kind === 'automatic'
      ? t.activate.automatic
      : step.role === null
        ? null
        : (entry(t.activate.cellRoles, step.role) ?? step.role),
    step.at === null ? null : format.moment(step.at, now, reading),
    step.code === null ? null : (entry(t.refusals, step.code)?.what ?? step.code),
  ].filter((fact) => fact !== null);
  return (
    <li className="plan-step" data-step={step.state}>
      <Icon name={icons[step.state]} />
      <span>
        <span className="plan-step-title">{say(step.title)}</span>
        <span className="soft">{[t.activate.stepStates[step.state], ...facts].join(' · ')}</span>
      </span>
    </li>
  );
}
