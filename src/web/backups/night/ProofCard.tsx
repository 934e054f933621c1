import type { ComponentBackupsView, NightView } from '../../../restore/nights/views.ts';
import { entry } from '../../../words/entry.ts';
import * as format from '../../../words/format.ts';
import { refusalOf, useWorldAct } from '../../access/requests.ts';
import { useNow, useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useMay } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';

/** Trials told beside the last one. */
const EARLIER = 5;

/** What was tried of this component, how long it took, and a trial now. */
export function ProofCard({
  of: { component, readable, proof },
  night,
  isRunning,
}: {
  of: ComponentBackupsView;
  night: NightView;
  isRunning: boolean;
}) {
  const { t, language, reading } = useWords();
  const may = useMay();
  const now = useNow();
  const { world } = useWorld();
  const prove = useWorldAct<{ components: string[] }>(world, 'proofs');
  const { last, history } = proof;
  const told = ({ outcome, at, seconds }: (typeof history)[number]) =>
    t.backups.proofOf(
      t.backups.outcomes[outcome],
      format.when('at', at, now, reading),
      format.secondsLong(seconds, language),
    );
  const earlier = history.slice(0, -1).toReversed().slice(0, EARLIER);
  return (
    <section className="card">
      <h2>{t.backups.proof}</h2>
      <p>{night.proved ? t.backups.proofThis : t.backups.proofOther}</p>
      <dl className="facts">
        {last !== null && (
          <div>
            <dt>{t.backups.proofLast}</dt>
            <dd>
              {told(last)}
              {last.step !== null && (
                <>
                  {' ; '}
                  {t.backups.proofStopped(t.backups.steps[last.step])}
                </>
              )}
              {last.code !== null && <p>{whyOf(last.code)}</p>}
              {last.asked > 0 && <p className="soft">{t.backups.proofFacts(last.agreed, last.asked)}</p>}
            </dd>
          </div>
        )}
        {earlier.length > 0 && (
          <div>
            <dt>{t.backups.proofBefore}</dt>
            <dd>
              <ul>
                {earlier.map((one) => (
                  <li key={one.at}>{told(one)}</li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      {readable && may('proof.ask') && (
        <div className="backups-form no-print">
          <p className="soft">{t.backups.proveMeans}</p>
          <div>
            <Button disabled={prove.isPending || isRunning} onClick={() => prove.mutate({ components: [component] })}>
              {t.backups.prove}
            </Button>
          </div>
          {isRunning && <p role="status">{t.backups.running}.</p>}
          {prove.isError && <RefusalNote refusal={refusalOf(prove.error)} />}
        </div>
      )}
    </section>
  );

  function whyOf(code: string): string {
    return entry(t.restore.failures, code) ?? t.parts.refused(code);
  }
}
