import { Link } from 'wouter';
import { refusalOf, useAct, useWorlds } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Icon } from '../parts/Icon.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { DrillBanner } from './DrillBanner.tsx';
import { speeds, useScenarios } from './scenarios.ts';
import './banner.css';

/** Nobody may take an exercise for the hospital, nor the hospital for an exercise. */
export function WorldBanner() {
  const { feed } = useWorld();
  const info = feed.world?.info;
  if (info === undefined) return null;
  if (info.kind === 'exercise')
    return (
      <ExerciseBanner
        world={info.id}
        speed={info.speed}
        scenario={info.scenario?.id}
        finished={info.scenario?.finished ?? false}
      />
    );
  if (info.kind === 'drill') return <DrillBanner />;
  return <OtherWorlds />;
}

function ExerciseBanner({
  world,
  speed,
  scenario,
  finished,
}: {
  world: string;
  speed: number;
  scenario: string | undefined;
  finished: boolean;
}) {
  const { t, say } = useWords();
  const path = `/api/exercises/${encodeURIComponent(world)}`;
  const change = useAct<{ speed: number }>(`${path}/speed`);
  const stop = useAct(`${path}/stop`, ['worlds']);
  const scenarios = useScenarios();
  const title = scenarios.data?.scenarios.find((known) => known.id === scenario)?.title;
  const refused = change.error ?? stop.error;
  const ended = finished || stop.isSuccess;
  return (
    <section className="world-banner" aria-label={t.prepare.exercise}>
      <div className="world-banner-words">
        <p className="world-banner-what">{t.prepare.notReal}</p>
        {title !== undefined && <p>{say(title)}</p>}
      </div>
      <div className="world-banner-acts no-print">
        {ended ? (
          <p className="world-banner-ended">{stop.isSuccess ? t.prepare.stopped : t.prepare.finished}</p>
        ) : (
          <Choice
            legend={t.prepare.speed}
            value={speed}
            options={speeds.map((value) => ({ value, label: t.prepare.times(value) }))}
            onChange={(value) => change.mutate({ speed: value })}
          />
        )}
        {!ended && (
          <Button size="small" icon="stop" disabled={stop.isPending} onClick={() => stop.mutate(undefined)}>
            {t.prepare.stop}
          </Button>
        )}
        <Link href="~/" className="button button-plain button-small">
          {t.prepare.backToReal}
        </Link>
      </div>
      {refused !== null && <RefusalNote refusal={refusalOf(refused)} />}
    </section>
  );
}

function OtherWorlds() {
  const { t } = useWords();
  const worlds = useWorlds();
  const others =
    worlds.data?.worlds.filter((world) => world.kind !== 'live' && world.scenario?.finished !== true) ?? [];
  if (others.length === 0) return null;
  return (
    <p className="other-worlds no-print">
      {others.map((world) => (
        <Link key={world.id} href={`~/worlds/${encodeURIComponent(world.id)}`}>
          <Icon name="play" />
          {world.kind === 'drill' ? t.prepare.drillRuns : t.prepare.exerciseRuns}
        </Link>
      ))}
    </p>
  );
}
