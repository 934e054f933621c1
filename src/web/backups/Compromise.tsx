import { type FormEvent, useId, useState } from 'react';
import type { BackupsView } from '../../restore/nights/views.ts';
import * as format from '../../words/format.ts';
import { usePersonName } from '../access/people.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useMay } from '../people/requests.ts';
import { useWords } from '../words/Words.tsx';
import { fieldsOf, instantIn } from './times.ts';

type Said = NonNullable<BackupsView['components'][number]['compromised']['whole']>;

/** Since when the attacker was in, of everything or of one component; taken back by two. */
export function Compromise({ view: { components, schedule } }: { view: BackupsView }) {
  const { t, say } = useWords();
  const may = useMay();
  const [isSaying, setSaying] = useState(false);
  const whole = components[0]?.compromised.whole ?? null;
  const own = components.flatMap(({ component, name, compromised }) =>
    compromised.own === null ? [] : { component, name: say(name), said: compromised.own },
  );
  return (
    <section className="card backups-compromise" aria-labelledby="backups-compromise">
      <h2 id="backups-compromise">{t.backups.compromise}</h2>
      <p className="soft">{t.backups.compromiseMeans}</p>
      {whole === null && own.length === 0 && !isSaying && <p>{t.backups.compromiseNone}</p>}
      {whole !== null && (
        <Standing component={null} scope={t.backups.compromiseOf.whole} said={whole} timeZone={schedule.timeZone} />
      )}
      {own.map(({ component, name, said }) => (
        <Standing key={component} component={component} scope={name} said={said} timeZone={schedule.timeZone} />
      ))}
      {isSaying ? (
        <Say components={components} timeZone={schedule.timeZone} onDone={() => setSaying(false)} />
      ) : (
        may('compromise.date') && (
          <div className="no-print">
            <Button onClick={() => setSaying(true)}>{t.backups.compromiseSay}</Button>
          </div>
        )
      )}
    </section>
  );
}

function Say({
  components,
  timeZone,
  onDone,
}: {
  components: BackupsView['components'];
  timeZone: string;
  onDone(): void;
}) {
  const { t, say } = useWords();
  const { world } = useWorld();
  const now = useNow();
  const date = useWorldAct<{ component: string | null; since: string }>(world, 'compromise');
  const [scope, setScope] = useState('');
  const [fields, setFields] = useState(() => fieldsOf(timeZone, now - 3_600_000));
  const since = instantIn(timeZone, fields.date, fields.time);
  const readable = components.filter((one) => one.readable);
  return (
    <div className="backups-form">
      <label className="field">
        <span>{t.backups.compromiseScope}</span>
        <select value={scope} onChange={(event) => setScope(event.target.value)}>
          <option value="">{t.backups.compromiseOf.whole}</option>
          {readable.map(({ component, name }) => (
            <option key={component} value={component}>
              {say(name)}
            </option>
          ))}
        </select>
      </label>
      <Moment fields={fields} latest={now} timeZone={timeZone} onChange={setFields} />
      <div className="backups-acts">
        <HoldButton
          disabled={date.isPending || since === null}
          onHeld={() =>
            since !== null && date.mutate({ component: scope === '' ? null : scope, since }, { onSuccess: onDone })
          }
        >
          {t.backups.compromiseDo}
        </HoldButton>
        <Button onClick={onDone}>{t.parts.cancel}</Button>
      </div>
      {date.isError && <RefusalNote refusal={refusalOf(date.error)} />}
    </div>
  );
}

function Moment({
  fields,
  latest,
  timeZone,
  onChange,
}: {
  fields: { date: string; time: string };
  latest: number;
  timeZone: string;
  onChange(fields: { date: string; time: string }): void;
}) {
  const { t } = useWords();
  return (
    <fieldset className="backups-moment">
      <legend>{t.backups.compromiseAt}</legend>
      <label className="field">
        <span>{t.backups.compromiseDay}</span>
        <input
          type="date"
          required
          max={fieldsOf(timeZone, latest).date}
          value={fields.date}
          onChange={(event) => onChange({ ...fields, date: event.target.value })}
        />
      </label>
      <label className="field">
        <span>{t.backups.compromiseHour}</span>
        <input
          type="time"
          required
          value={fields.time}
          onChange={(event) => onChange({ ...fields, time: event.target.value })}
        />
      </label>
    </fieldset>
  );
}

/** What was said stands until two people take it back, or say a later moment. */
function Standing({
  component,
  scope,
  said,
  timeZone,
}: {
  component: string | null;
  scope: string;
  said: Said;
  timeZone: string;
}) {
  const { t, reading } = useWords();
  const may = useMay();
  const now = useNow();
  const { world, feed } = useWorld();
  const nameOf = usePersonName();
  const withdraw = useWorldAct<{ component: string | null; since: string | null }>(world, 'compromise/withdraw');
  const [isOpen, setOpen] = useState(false);
  const [fields, setFields] = useState(() => fieldsOf(timeZone, Date.parse(said.since)));
  const id = useId();
  const waits = (feed.views.approvals?.approvals ?? []).some(
    ({ act, asked }) => act === 'compromise.withdraw' && asked.component === component,
  );
  const since = instantIn(timeZone, fields.date, fields.time);
  const isLater = since !== null && Date.parse(since) > Date.parse(said.since);
  const ask = (value: string | null) =>
    withdraw.mutate({ component, since: value }, { onSuccess: () => setOpen(false) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isLater) ask(since);
  };
  return (
    <div className="compromise-said">
      <p>
        <strong>{t.backups.compromiseSaid(scope, format.when('since', said.since, now, reading))}</strong>{' '}
        <span className="soft">
          {t.backups.compromiseBy(nameOf(said.by), format.when('at', said.at, now, reading))}
        </span>
      </p>
      {waits && <p role="status">{t.approvals.asked}</p>}
      {!waits && !isOpen && may('compromise.withdraw') && (
        <Button look="quiet" size="small" className="no-print" onClick={() => setOpen(true)}>
          {t.backups.compromiseWithdraw}
        </Button>
      )}
      {!waits && isOpen && (
        <form className="backups-form" onSubmit={submit} aria-describedby={id}>
          <p id={id}>{t.backups.compromiseTwo}</p>
          <Moment fields={fields} latest={now} timeZone={timeZone} onChange={setFields} />
          <div className="backups-acts">
            <Button type="submit" disabled={withdraw.isPending || !isLater}>
              {t.backups.compromiseLater}
            </Button>
            <HoldButton look="plain" disabled={withdraw.isPending} onHeld={() => ask(null)}>
              {t.backups.compromiseNever}
            </HoldButton>
            <Button onClick={() => setOpen(false)}>{t.parts.cancel}</Button>
          </div>
        </form>
      )}
      {withdraw.isError && <RefusalNote refusal={refusalOf(withdraw.error)} />}
    </div>
  );
}
