import { useState } from 'react';
import type { ActivationLevel } from '../../activate/events.ts';
import type { IncidentView } from '../../activate/views.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { HoldButton } from '../parts/HoldButton.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useWords } from '../words/Words.tsx';

const ladder = ['nominal', 'veille', 'mobilisationInterne', 'planBlanc', 'levee'] as const satisfies ActivationLevel[];
/** These call people in or send them home: the press must be held. */
const heldLevels: readonly ActivationLevel[] = ['planBlanc', 'levee'];

export function Level({ incident }: { incident: IncidentView }) {
  const { t } = useWords();
  const { world } = useWorld();
  const [choosing, setChoosing] = useState(false);
  const [chosen, choose] = useState<ActivationLevel>(incident.level);
  /** As it was when the choice was opened: another director's decision since then is not overwritten unseen. */
  const [looked, lookAt] = useState(incident.version);
  const change = useWorldAct<{ incident: string; level: ActivationLevel }>(world, 'levels', looked);
  const close = useWorldAct<{ incident: string }>(world, 'incidents/close', incident.version);
  const submit = () =>
    change.mutate({ incident: incident.incident, level: chosen }, { onSuccess: () => setChoosing(false) });
  return (
    <section className="card level">
      <div className="level-head">
        <h2>{t.activate.level}</h2>
        {!choosing && incident.closedAt === null && (
          <Button
            size="small"
            onClick={() => {
              choose(incident.level);
              lookAt(incident.version);
              change.reset();
              setChoosing(true);
            }}
          >
            {t.activate.changeLevel}
          </Button>
        )}
      </div>
      <ol className="ladder">
        {ladder.map((level) => (
          <li
            key={level}
            aria-current={level === incident.level ? 'step' : undefined}
            data-passed={ladder.indexOf(level) < ladder.indexOf(incident.level)}
          >
            {t.activate.levels[level]}
          </li>
        ))}
      </ol>
      {choosing && (
        <div className="level-choice no-print">
          <Choice
            legend={t.activate.newLevel}
            value={chosen}
            options={ladder.map((level) => ({ value: level, label: t.activate.levels[level] }))}
            onChange={choose}
          />
          <p className="soft">{t.activate.levelMeans[chosen]}</p>
          {change.isError && <RefusalNote refusal={refusalOf(change.error)} />}
          <div className="empty-acts">
            {heldLevels.includes(chosen) ? (
              <HoldButton disabled={chosen === incident.level || change.isPending} onHeld={submit}>
                {t.activate.levels[chosen]}
              </HoldButton>
            ) : (
              <Button look="main" disabled={chosen === incident.level || change.isPending} onClick={submit}>
                {t.activate.setLevel(t.activate.levels[chosen])}
              </Button>
            )}
            <Button look="quiet" onClick={() => setChoosing(false)}>
              {t.parts.cancel}
            </Button>
          </div>
        </div>
      )}
      {incident.level === 'levee' && incident.closedAt === null && (
        <div className="no-print">
          <p className="soft">{t.activate.closeMeans}</p>
          <HoldButton
            look="plain"
            disabled={close.isPending}
            onHeld={() => close.mutate({ incident: incident.incident })}
          >
            {t.activate.close}
          </HoldButton>
          {close.isError && <RefusalNote refusal={refusalOf(close.error)} />}
        </div>
      )}
    </section>
  );
}
