import type { RecoveryView } from '../../restore/views.ts';
import * as format from '../../words/format.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';

/** Each care function's restoration time beside its target, on one common scale. */
export function Functions({ recovery, now }: { recovery: RecoveryView; now: number }) {
  const { t } = useWords();
  const elapsed = Math.max(0, (now - Date.parse(recovery.lossSince)) / 1000);
  const shown = recovery.careFunctions.map((one) => ({ ...one, seconds: one.restoredSeconds ?? elapsed }));
  const scale = Math.max(...shown.flatMap((one) => [one.seconds, one.targetSeconds]), 1) * 1.04;
  return (
    <section className="card functions">
      <div className="level-head">
        <h2>{t.restore.functions}</h2>
        <p className="soft functions-key">
          <span className="functions-key-target" />
          {t.restore.target}
        </p>
      </div>
      <ol>
        {shown.map((one) => (
          <FunctionRow key={one.careFunction} one={one} scale={scale} now={now} />
        ))}
      </ol>
    </section>
  );
}

function FunctionRow({
  one,
  scale,
  now,
}: {
  one: RecoveryView['careFunctions'][number] & { seconds: number };
  scale: number;
  now: number;
}) {
  const { t, say, language, reading } = useWords();
  const late = one.seconds > one.targetSeconds;
  const state =
    one.releasedAt !== null
      ? t.restore.releasedAt(format.when('at', one.releasedAt, now, reading))
      : one.ready
        ? t.restore.ready
        : t.restore.onItsWay;
  return (
    <li className="function-row">
      <div>
        <p className="function-name">{say(one.name)}</p>
        <p className="soft function-state">
          <Icon name={one.releasedAt !== null ? 'check' : one.ready ? 'restoration' : 'clock'} />
          {state}
        </p>
      </div>
      <div className="function-measure" data-late={late} data-running={one.releasedAt === null}>
        <span
          className="function-bar"
          aria-hidden="true"
          style={{ '--length': one.seconds / scale, '--target': one.targetSeconds / scale }}
        >
          <span />
        </span>
        <p>
          <b>{format.secondsLong(one.seconds, language)}</b>{' '}
          <span className="soft">
            {t.restore.againstTarget(format.secondsLong(one.targetSeconds, language))}
            {late ? ` · ${t.restore.pastTarget(format.secondsLong(one.seconds - one.targetSeconds, language))}` : ''}
          </span>
        </p>
      </div>
    </li>
  );
}
