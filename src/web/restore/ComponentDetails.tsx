import type { RecoveryComponentView } from '../../restore/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { useNames } from '../feed/names.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';

/** Why this snapshot, what going back to it loses, and what was found in it beside what was true before. */
export function ComponentDetails({ component, now }: { component: RecoveryComponentView; now: number }) {
  const { t, reading, language } = useWords();
  const name = useNames();
  const { snapshot } = component;
  const failed = component.steps.filter((step) => step.failure !== null);
  return (
    <>
      <dl className="facts">
        {component.after.length > 0 && (
          <div>
            <dt>{t.restore.after}</dt>
            <dd>{format.list(component.after.map(name), language)}</dd>
          </div>
        )}
        {component.expectedSeconds !== null && (
          <div>
            <dt>{t.restore.expected}</dt>
            <dd>{format.secondsLong(component.expectedSeconds, language)}</dd>
          </div>
        )}
        {failed.map(
          (step) =>
            step.failure !== null && (
              <div key={step.step}>
                <dt>{t.restore.steps[step.step]}</dt>
                <dd>
                  {entry(t.restore.failures, step.failure.code) ?? t.parts.refused(step.failure.code)}{' '}
                  <span className="soft">{step.failure.detail}</span>
                </dd>
              </div>
            ),
        )}
        {snapshot !== null && (
          <>
            <div>
              <dt>{t.restore.snapshot}</dt>
              <dd>
                {t.restore.noKnownSign(format.moment(snapshot.horizon, now, reading), snapshot.notExamined)}{' '}
                <code>{snapshot.id.slice(0, 8)}</code>
              </dd>
            </div>
            <div>
              <dt>{t.board.horizon}</dt>
              <dd>{t.restore.nothingAfter(format.moment(snapshot.horizon, now, reading))}</dd>
            </div>
          </>
        )}
      </dl>
      {snapshot !== null && snapshot.passedOver.length > 0 && (
        <div>
          <h4>{t.restore.passedOver}</h4>
          <ul className="passed">
            {snapshot.passedOver.map((one) => (
              <li key={one.snapshot}>
                <time dateTime={one.time}>{format.moment(one.time, now, reading)}</time>
                <code>{one.snapshot.slice(0, 8)}</code>
                <span>
                  {entry(t.restore.passed, one.reason) ??
                    entry(t.backups.signs, one.reason) ??
                    t.backups.rule(one.reason)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {component.checks.length > 0 && <Checks component={component} />}
    </>
  );
}

function Checks({ component }: { component: RecoveryComponentView }) {
  const { t, language } = useWords();
  const value = (one: number | string | null) =>
    one === null
      ? t.restore.noAnswer
      : typeof one === 'number'
        ? format.number(one, language)
        : one.length > 16
          ? `${one.slice(0, 12)}…`
          : one;
  return (
    <div>
      <h4>{t.restore.checks}</h4>
      <table className="checks">
        <thead>
          <tr>
            <th scope="col">{t.restore.fact}</th>
            <th scope="col">{t.restore.before}</th>
            <th scope="col">{t.restore.found}</th>
            <th scope="col">{t.restore.verdict}</th>
          </tr>
        </thead>
        <tbody>
          {component.checks.map((check) => (
            <tr key={`${check.probe}/${check.name}`} data-agrees={check.agrees}>
              <th scope="row">{entry(t.restore.facts, check.name.replace(/\?.*$/, '')) ?? check.name}</th>
              <td>{value(check.expected)}</td>
              <td>{value(check.found)}</td>
              <td>
                <Icon name={check.agrees ? 'check' : 'gap'} /> {check.agrees ? t.restore.agrees : t.restore.differs}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
