import { Link } from 'wouter';
import type { Band } from '../../map/care.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { usePersonName } from '../access/people.ts';
import { useNames } from '../feed/names.ts';
import { useWorld } from '../feed/World.tsx';
import { CareStateMark } from '../parts/StateMark.tsx';
import { useWords } from '../words/Words.tsx';
import { Decide } from './Decide.tsx';
import { DegradedMode } from './DegradedMode.tsx';
import { Estimate } from './Estimate.tsx';
import { overdue } from './geometry.ts';
import { reason } from './reason.ts';
import { Wards } from './Wards.tsx';
import './details.css';

/** A band opened in place: wards, why, on what it depends, who acts, what to print. */
export function BandDetails({ band, now }: { band: Band; now: number }) {
  return (
    <div className="details">
      <div>
        <Wards band={band} now={now} />
        {band.degradedMode !== null && <DegradedMode band={band} mode={band.degradedMode} now={now} />}
      </div>
      <div className="details-side">
        <Why band={band} now={now} />
        <WhoActs band={band} />
        <div className="details-acts no-print">
          {band.lostAt !== null && <Estimate band={band} />}
          <Decide band={band} />
        </div>
        <History band={band} now={now} />
      </div>
    </div>
  );
}

function Why({ band, now }: { band: Band; now: number }) {
  const speech = useWords();
  const { t, language, reading } = speech;
  const name = useNames();
  const at = (instant: string) => format.moment(instant, now, reading);
  const reasons = [
    ...new Set(band.wards.flatMap((ward) => ward.because.map((because) => reason(because, name, t)))),
  ].slice(0, 6);
  const comes =
    band.forecast === null
      ? null
      : band.forecast.kind === 'waiting'
        ? t.board.waitsFor(t.board.waitingFor[band.forecast.for])
        : `${format.clockRange(band.forecast.p50, band.forecast.p90, now, reading)} ${t.board.basis[band.forecast.basis]}${overdue(band, now) === null ? '' : ` · ${t.board.overdue}`}`;
  return (
    <section>
      <h3>{t.board.why}</h3>
      {reasons.length > 0 && (
        <ul className="reasons">
          {reasons.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <dl className="facts">
        {band.lostAt !== null && (
          <div>
            <dt>{t.board.lostAt}</dt>
            <dd>{at(band.lostAt)}</dd>
          </div>
        )}
        {comes !== null && (
          <div>
            <dt>{t.board.forecast}</dt>
            <dd>{comes}</dd>
          </div>
        )}
        {band.targetAt !== null && (
          <div>
            <dt>{t.board.target}</dt>
            <dd>{at(band.targetAt)}</dd>
          </div>
        )}
        {band.intolerableAt !== null && (
          <div>
            <dt>{t.board.intolerable}</dt>
            <dd>{at(band.intolerableAt)}</dd>
          </div>
        )}
        {band.patients !== null && (
          <div>
            <dt>{t.board.patients}</dt>
            <dd>{format.number(band.patients, language)}</dd>
          </div>
        )}
        {band.horizon !== null && (
          <div>
            <dt>{t.board.horizon}</dt>
            <dd>{at(band.horizon)}</dd>
          </div>
        )}
        <div>
          <dt>{t.board.vital}</dt>
          <dd>{t.board.tier(band.tier)}</dd>
        </div>
      </dl>
      {band.roots.length > 0 && (
        <p className="roots">
          {t.board.dependsOn}{' '}
          {band.roots.map((root) => (
            <Link key={root} href={`/map?at=${encodeURIComponent(root)}`}>
              {name(root)}
            </Link>
          ))}
        </p>
      )}
      <p className="no-print">
        <Link href={`/map?at=${encodeURIComponent(band.careFunction)}`}>{t.board.seeOnMap}</Link>
      </p>
    </section>
  );
}

function WhoActs({ band }: { band: Band }) {
  const { t, say } = useWords();
  const { feed } = useWorld();
  const person = usePersonName();
  const incident = feed.views.incidents?.incidents.find(
    (one) => one.closedAt === null && one.careFunctions.includes(band.careFunction),
  );
  if (incident === undefined) return null;
  const next =
    feed.views.incidents?.nextActions.filter((action) => action.incident === incident.incident).slice(0, 3) ?? [];
  return (
    <section>
      <h3>{t.board.whoActs}</h3>
      {incident.roles.length > 0 && (
        <dl className="facts">
          {incident.roles.map((held) => (
            <div key={held.role}>
              <dt>{entry(t.activate.cellRoles, held.role) ?? held.role}</dt>
              <dd>{person(held.person)}</dd>
            </div>
          ))}
        </dl>
      )}
      {next.length > 0 && (
        <ul className="reasons">
          {next.map((action) => (
            <li key={action.step}>
              {say(action.title)}
              {action.role !== null && (
                <span className="soft"> — {entry(t.activate.cellRoles, action.role) ?? action.role}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      <p className="no-print">
        <Link href={`/incidents/${encodeURIComponent(incident.incident)}`}>{t.activate.openRoom}</Link>
      </p>
    </section>
  );
}

function History({ band, now }: { band: Band; now: number }) {
  const { t, reading } = useWords();
  if (band.segments.length < 2) return null;
  return (
    <section>
      <h3>{t.board.history}</h3>
      <ol className="history">
        {band.segments.slice(-8).map((segment) => (
          <li key={segment.from}>
            <time dateTime={segment.from}>{format.moment(segment.from, now, reading)}</time>{' '}
            <CareStateMark state={segment.state} />
          </li>
        ))}
      </ol>
    </section>
  );
}
