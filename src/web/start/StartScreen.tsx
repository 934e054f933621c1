import { type ReactNode, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { bookletLacks, firstHourView } from '../../map/firstHour/views.ts';
import type { HospitalMap } from '../../map/model.ts';
import { useWorld } from '../feed/World.tsx';
import { MapEditing } from '../map/edit/Editing.tsx';
import { useMapDocument } from '../map/edit/requests.ts';
import { useEditing } from '../map/edit/useEditing.ts';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { Begin } from './Begin.tsx';
import { BookletStep } from './BookletStep.tsx';
import { Functions } from './Functions.tsx';
import { Inventory } from './Inventory.tsx';
import { Places } from './Places.tsx';
import { useHospital } from './requests.ts';
import './start.css';

const steps = ['hospital', 'places', 'functions', 'inventory', 'booklet'] as const;
type Step = (typeof steps)[number];

/** The first hour of a hospital. Nothing is kept of it but the map itself: it is left, and taken up again, at any step. */
export default function StartScreen() {
  const { t } = useWords();
  const { feed } = useWorld();
  const hospital = useHospital();
  const { data } = useMapDocument();
  const map = data?.document ?? null;
  if (hospital.data === undefined || map === null || feed.world?.info.kind !== 'live')
    return (
      <Page title={t.start.title}>
        <p className="soft">{t.parts.opening}</p>
      </Page>
    );
  if (hospital.data.stands === 'example')
    return (
      <Page title={t.start.title} lead={t.start.lead} className="start">
        <Steps now="hospital" done={new Set()} />
        <Begin timeZone={map.establishment.timeZone} />
      </Page>
    );
  return (
    <MapEditing>
      <Walk map={map} />
    </MapEditing>
  );
}

function Walk({ map }: { map: HospitalMap }) {
  const { t, say } = useWords();
  const [params] = useSearchParams();
  const done = doneIn(map);
  const asked = steps.find((step) => step === params.get('step'));
  // A step that gets done while one works on it does not slip away.
  const [first] = useState(() => steps.find((step) => !done.has(step)) ?? 'booklet');
  const now = asked ?? first;
  const next = steps[steps.indexOf(now) + 1];
  const screens: { readonly [step in Step]: ReactNode } = {
    hospital: <Begun name={say(map.establishment.name)} />,
    places: <Places map={map} />,
    functions: <Functions map={map} />,
    inventory: <Inventory map={map} />,
    booklet: <BookletStep map={map} />,
  };
  return (
    <Page title={t.start.goOn} lead={say(map.establishment.name)} className="start">
      <Steps now={now} done={done} />
      <section className="start-step" aria-labelledby="start-step-title">
        <h2 id="start-step-title">{t.start.steps[now]}</h2>
        {screens[now]}
      </section>
      {next !== undefined && (
        <p className="start-next">
          <Link
            href={`/start?step=${next}`}
            className={`button button-large ${done.has(now) ? 'button-main' : 'button-plain'}`}
          >
            {t.start.next(t.start.steps[next])}
          </Link>
        </p>
      )}
    </Page>
  );
}

function Begun({ name }: { name: string }) {
  const { t } = useWords();
  const { edit, mayEdit } = useEditing();
  return (
    <>
      <p>{t.start.begun(name)}</p>
      {mayEdit && (
        <div>
          <Button onClick={() => edit({ section: 'establishment' })}>{t.start.editEstablishment}</Button>
        </div>
      )}
    </>
  );
}

/** What the map says of each step; it may be undone by a change, and is then to do again. */
function doneIn(map: HospitalMap): ReadonlySet<Step> {
  const view = firstHourView(map);
  const lacks = bookletLacks(map);
  const done: { readonly [step in Step]: boolean } = {
    hospital: true,
    places: view.sites > 0 && view.wards > 0,
    functions: view.careFunctions.all > 0 && view.careFunctions.complete === view.careFunctions.all,
    inventory: view.components > 0 && view.proposedLinks === 0,
    booklet: view.careFunctions.all > 0 && Object.values(lacks).every((count) => count === 0),
  };
  return new Set(steps.filter((step) => done[step]));
}

function Steps({ now, done }: { now: Step; done: ReadonlySet<Step> }) {
  const { t } = useWords();
  return (
    <nav className="start-steps no-print" aria-label={t.start.progress}>
      <ol>
        {steps.map((step) => (
          <li key={step} data-done={done.has(step)}>
            <Link href={`/start?step=${step}`} aria-current={step === now ? 'step' : undefined}>
              <span className="start-mark">{done.has(step) ? <Icon name="check" /> : null}</span>
              <span>
                {t.start.steps[step]}
                {done.has(step) && <span className="visually-hidden"> ({t.start.stepDone})</span>}
              </span>
              <span className="soft">{t.start.minutes[step]}</span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
