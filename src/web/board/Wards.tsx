import { useState } from 'react';
import { type Band, bySeverity, type WardState } from '../../map/care.ts';
import * as format from '../../words/format.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNames } from '../feed/names.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { CareStateMark } from '../parts/StateMark.tsx';
import { useWords } from '../words/Words.tsx';
import { ExtendHold } from './ExtendHold.tsx';
import { reason } from './reason.ts';
import './wards.css';

/** A screen shows this many wards at once; the rest is one press away. */
const WARDS_SHOWN = 12;

export function Wards({ band, now }: { band: Band; now: number }) {
  const { t } = useWords();
  const [all, showAll] = useState(false);
  const sorted = band.wards.toSorted((one, other) => bySeverity(one.state, other.state));
  const shown = all ? sorted : sorted.slice(0, WARDS_SHOWN);
  return (
    <section>
      <h3>{t.board.wardsTitle(band.wards.length)}</h3>
      <ul className="ward-counts">
        {band.wardsInState.map(({ state, wards }) => (
          <li key={state}>
            <b>
              {wards}/{band.wards.length}
            </b>{' '}
            <CareStateMark state={state} />
          </li>
        ))}
      </ul>
      <ul className="wards">
        {shown.map((ward) => (
          <Ward key={ward.ward} band={band} ward={ward} now={now} />
        ))}
      </ul>
      {sorted.length > shown.length && (
        <Button look="quiet" onClick={() => showAll(true)}>
          {t.board.showWards(sorted.length)}
        </Button>
      )}
    </section>
  );
}

function Ward({ band, ward, now }: { band: Band; ward: WardState; now: number }) {
  const { t, say, reading } = useWords();
  const name = useNames();
  // The hold already says itself; what else established the state is worth its line.
  const because = ward.because.find((one) => one.code !== 'hold-confirmed' && one.code !== 'needs-met');
  const facts = [
    ...(ward.since === null || ward.hold !== undefined ? [] : [format.when('since', ward.since, now, reading)]),
    ...(ward.hold === undefined
      ? []
      : [
          t.board.holdsUntil(format.when('until', ward.hold.until, now, reading)),
          t.board.proved[ward.hold.proved ? 'yes' : 'no'],
        ]),
    ...(ward.accessTested ? [] : [t.board.accessNotTested]),
  ];
  return (
    <li className="ward" data-state={ward.state}>
      <div className="ward-words">
        <p className="ward-name">
          {say(ward.name)} <CareStateMark state={ward.state} />
        </p>
        <p className="soft">{facts.join(' · ')}</p>
        {because !== undefined && ward.hold === undefined && <p className="soft">{reason(because, name, t)}</p>}
      </div>
      <WardActs careFunction={band.careFunction} ward={ward} canHold={band.degradedMode !== null} />
    </li>
  );
}

/** One tap each: a nurse has a glove on and a patient waiting. The new state arrives by the feed. */
function WardActs({ careFunction, ward, canHold }: { careFunction: string; ward: WardState; canHold: boolean }) {
  const { t, say } = useWords();
  const { world } = useWorld();
  const hold = useWorldAct<{ careFunction: string; ward: string }>(world, 'holds');
  const endHold = useWorldAct<{ careFunction: string; ward: string }>(world, 'holds/end');
  const report = useWorldAct<{ careFunction: string; ward: string; works: boolean }>(world, 'reports');
  const here = { careFunction, ward: ward.ward };
  const saidBroken = ward.because.some((because) => because.code === 'ward-says-broken');
  const lost = ward.state === 'gap' || ward.state === 'toConfirm' || ward.state === 'unknown';
  const works =
    ward.state === 'served' || ward.state === 'partly' || ward.state === 'unknown' || ward.state === 'catchingUp';
  const refused = hold.error ?? endHold.error ?? report.error;
  const label = (act: string) => `${act}, ${say(ward.name)}`;
  const clear = () =>
    [hold, endHold, report].forEach((act) => {
      act.reset();
    });
  return (
    <div className="ward-acts no-print">
      {lost && canHold && (
        <Button
          look="main"
          icon="held"
          aria-label={label(t.board.heldHere)}
          disabled={hold.isPending}
          onClick={() => {
            clear();
            hold.mutate(here);
          }}
        >
          {t.board.heldHere}
        </Button>
      )}
      {ward.state === 'held' && (
        <Button
          icon="held"
          aria-label={label(t.board.holdAgain)}
          disabled={hold.isPending}
          onClick={() => {
            clear();
            hold.mutate(here);
          }}
        >
          {t.board.holdAgain}
        </Button>
      )}
      {ward.state === 'held' && (
        <Button
          look="quiet"
          aria-label={label(t.board.holdsNoMore)}
          disabled={endHold.isPending}
          onClick={() => {
            clear();
            endHold.mutate(here);
          }}
        >
          {t.board.holdsNoMore}
        </Button>
      )}
      {works && !saidBroken && (
        <Button
          look="quiet"
          aria-label={label(t.board.brokenHere)}
          disabled={report.isPending}
          onClick={() => {
            clear();
            report.mutate({ ...here, works: false });
          }}
        >
          {t.board.brokenHere}
        </Button>
      )}
      {saidBroken && (
        <Button
          look="quiet"
          aria-label={label(t.board.worksHere)}
          disabled={report.isPending}
          onClick={() => {
            clear();
            report.mutate({ ...here, works: true });
          }}
        >
          {t.board.worksHere}
        </Button>
      )}
      {refused !== null && <RefusalNote refusal={refusalOf(refused)} />}
      {refused !== null && refusalOf(refused).code === 'hold-exhausted' && <ExtendHold {...here} onDone={clear} />}
    </div>
  );
}
