import { useState } from 'react';
import { useLocation } from 'wouter';
import * as format from '../../words/format.ts';
import { refusalOf, useAct, useWorlds } from '../access/requests.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Panel } from '../parts/Panel.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';
import { speeds, useScenarios } from './scenarios.ts';
import './play.css';

/** For a first look: thirty hours pass in a minute, enough to see care fall, hold, and come back. */
const USUAL_SPEED = 1800;

export function PlayIncident({ onClose }: { onClose(): void }) {
  const { t, say, language } = useWords();
  const scenarios = useScenarios();
  const [, go] = useLocation();
  const [chosen, choose] = useState<string | null>(null);
  const [speed, setSpeed] = useState<number>(USUAL_SPEED);
  const start = useAct<{ scenario: string; speed: number }, { world: string }>('/api/exercises', ['worlds']);
  const known = scenarios.data?.scenarios ?? [];
  const scenario = chosen ?? known[0]?.id ?? null;
  return (
    <Panel title={t.prepare.play} onClose={onClose}>
      <p className="play-promise">{t.prepare.playPromise}</p>
      {scenarios.isError && (
        <RefusalNote refusal={refusalOf(scenarios.error)} onRetry={() => void scenarios.refetch()} />
      )}
      {scenarios.isSuccess && known.length === 0 && <p>{t.prepare.noScenario}</p>}
      <fieldset className="play-stories">
        <legend>{t.prepare.whichIncident}</legend>
        {known.map((one) => (
          <label key={one.id} className="play-story">
            <input type="radio" name="scenario" checked={one.id === scenario} onChange={() => choose(one.id)} />
            <span>
              <strong>{say(one.title)}</strong>
              <span>{say(one.story)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Choice
        legend={t.prepare.speed}
        value={speed}
        options={speeds.map((value) => ({ value, label: t.prepare.times(value) }))}
        onChange={setSpeed}
      />
      <p className="play-hint">{t.prepare.speedMeans(format.minutesLong(speed, language))}</p>
      {start.isError && <RefusalNote refusal={refusalOf(start.error)} />}
      <Button
        look="main"
        size="large"
        icon="play"
        disabled={scenario === null || start.isPending}
        onClick={() =>
          scenario !== null &&
          start.mutate({ scenario, speed }, { onSuccess: ({ world }) => go(`~/worlds/${encodeURIComponent(world)}`) })
        }
      >
        {t.prepare.begin}
      </Button>
    </Panel>
  );
}

/** Only in a laboratory started with `--lab`: it attacks the miniature hospital for real. */
export function DrillButton() {
  const { t } = useWords();
  const worlds = useWorlds();
  const [, go] = useLocation();
  const start = useAct<undefined, { world: string }>('/api/drill', ['worlds']);
  if (worlds.data?.lab !== true) return null;
  return (
    <>
      <Button
        size="small"
        icon="spark"
        disabled={start.isPending}
        onClick={() =>
          start.mutate(undefined, { onSuccess: ({ world }) => go(`~/worlds/${encodeURIComponent(world)}/restoration`) })
        }
      >
        {start.isPending ? t.prepare.drillStarts : t.prepare.startDrill}
      </Button>
      {start.isError && <RefusalNote refusal={refusalOf(start.error)} />}
    </>
  );
}
