import { type FormEvent, useState } from 'react';
import type { BackupsView, RunningProofView } from '../../restore/nights/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useMay } from '../people/requests.ts';
import { useWords } from '../words/Words.tsx';

/** What happens every night, when next, and what runs now. */
export function Pass({ view }: { view: BackupsView }) {
  const { t, reading } = useWords();
  const may = useMay();
  const now = useNow();
  const { world } = useWorld();
  const judge = useWorldAct<{ components: string[] }>(world, 'nights/judge');
  const [isScheduling, setScheduling] = useState(false);
  const { next, schedule, lastPass, lastProof, components, proof } = view;
  const zoned = { ...reading, timeZone: schedule.timeZone };
  const when = (instant: string) => format.when('at', instant, now, zoned);
  const waiting = components.filter(({ readable, askedAt }) => readable && askedAt === null);
  return (
    <section className="card backups-pass" aria-labelledby="backups-pass">
      <h2 id="backups-pass">{t.backups.pass}</h2>
      <p>
        {next === null
          ? t.backups.noNext
          : t.backups.next(format.when('at', next, now, zoned), t.backups.days[schedule.weekday] ?? '')}
      </p>
      <p className="soft">
        {lastPass === null ? t.backups.neverPassed : t.backups.lastPass(when(lastPass))}{' '}
        {lastProof !== null && t.backups.lastProof(when(lastProof))}
      </p>
      {proof !== null && <Running proof={proof} />}
      {isScheduling ? (
        <Schedule schedule={schedule} onDone={() => setScheduling(false)} />
      ) : (
        <div className="backups-acts no-print">
          {may('night.judge') && waiting.length > 0 && (
            <Button
              disabled={judge.isPending}
              onClick={() => judge.mutate({ components: waiting.map(({ component }) => component) })}
            >
              {t.backups.judgeAll}
            </Button>
          )}
          {may('night.schedule') && (
            <Button look="quiet" icon="clock" onClick={() => setScheduling(true)}>
              {t.backups.schedule}
            </Button>
          )}
        </div>
      )}
      {judge.isError && <RefusalNote refusal={refusalOf(judge.error)} />}
    </section>
  );
}

function Schedule({ schedule, onDone }: { schedule: BackupsView['schedule']; onDone(): void }) {
  const { t } = useWords();
  const { world } = useWorld();
  const save = useWorldAct<{ time: string; weekday: number }>(world, 'nights/schedule');
  const [time, setTime] = useState(schedule.time);
  const [weekday, setWeekday] = useState(schedule.weekday);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ time, weekday }, { onSuccess: onDone });
  };
  return (
    <form className="backups-form" onSubmit={submit}>
      <label className="field">
        <span>{t.backups.scheduleTime}</span>
        <input type="time" required value={time} onChange={(event) => setTime(event.target.value)} />
      </label>
      <label className="field">
        <span>{t.backups.scheduleDay}</span>
        <select value={weekday} onChange={(event) => setWeekday(Number(event.target.value))}>
          {[1, 2, 3, 4, 5, 6, 0].map((day) => (
            <option key={day} value={day}>
              {t.backups.weekdays[day]}
            </option>
          ))}
        </select>
      </label>
      <div className="backups-acts">
        <Button look="main" type="submit" disabled={save.isPending || time === ''}>
          {t.backups.save}
        </Button>
        <Button onClick={onDone}>{t.parts.cancel}</Button>
      </div>
      {save.isError && <RefusalNote refusal={refusalOf(save.error)} />}
    </form>
  );
}

/** A proof at work, a component a line. */
function Running({ proof: { recovery, scope, begunAt, components } }: { proof: RunningProofView }) {
  const { t, say, reading } = useWords();
  const may = useMay();
  const now = useNow();
  const { world } = useWorld();
  const end = useWorldAct<{ recovery: string }>(world, 'proofs/end');
  return (
    <div className="running-proof" role="status">
      <p>
        <strong>{t.backups.running}.</strong> {t.backups.runningSince(format.when('at', begunAt, now, reading))}{' '}
        {t.backups.scopes[scope]}
      </p>
      <ol>
        {components.map(({ component, name, step, state, code, progress }) => (
          <li key={component} data-step={state}>
            <span>{say(name)}</span>
            <span className="soft">
              {state === 'running' && step !== null ? t.backups.steps[step] : t.backups.stepStates[state]}
              {code !== null && ` : ${entry(t.restore.failures, code) ?? code}`}
            </span>
            {state === 'running' && (
              <progress
                aria-label={say(name)}
                {...(progress !== null && progress.total > 0 ? { max: progress.total, value: progress.done } : {})}
              />
            )}
          </li>
        ))}
      </ol>
      {may('proof.ask') && (
        <div className="no-print">
          <HoldButton look="plain" disabled={end.isPending} onHeld={() => end.mutate({ recovery })}>
            {t.backups.stop}
          </HoldButton>
          <p className="soft">{t.backups.stopMeans}</p>
        </div>
      )}
      {end.isError && <RefusalNote refusal={refusalOf(end.error)} />}
    </div>
  );
}
