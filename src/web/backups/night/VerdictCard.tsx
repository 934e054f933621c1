import type { ComponentBackupsView, NightView } from '../../../restore/nights/views.ts';
import { entry } from '../../../words/entry.ts';
import * as format from '../../../words/format.ts';
import { refusalOf, useWorldAct } from '../../access/requests.ts';
import { useNow, useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useMay } from '../../people/requests.ts';
import { useWords } from '../../words/Words.tsx';
import { NightMark } from '../strip/NightMark.tsx';
import { stateOf } from '../strip/nightState.ts';
import { nightTime } from '../times.ts';
import { Explain } from './Explain.tsx';

/** What was found in a night, since when, and what the judgement rests on. */
export function VerdictCard({ of, night }: { of: ComponentBackupsView; night: NightView }) {
  const { t } = useWords();
  const state = stateOf(night);
  return (
    <section className="card night-verdict" data-night={state}>
      <h2>{t.backups.verdict}</h2>
      <p>
        <NightMark state={state} />
      </p>
      <p className="soft">{t.backups.statesMean[state]}</p>
      {night.suspect && state !== 'suspect' && <p>{t.backups.alsoSuspect}</p>}
      {night.signs.length > 0 && (
        <ul className="night-signs">
          {night.signs.map((sign) => (
            <Sign key={sign.rule} of={of} night={night} sign={sign} />
          ))}
        </ul>
      )}
      <Why of={of} night={night} />
      <LookAgain of={of} />
    </section>
  );
}

function Sign({ of, night, sign }: { of: ComponentBackupsView; night: NightView; sign: NightView['signs'][number] }) {
  const { rule, findings, explained } = sign;
  const { t, reading } = useWords();
  const now = useNow();
  const since = of.dirtySince.find((one) => one.rule === rule);
  return (
    <li className="night-sign" data-explained={explained}>
      <p>
        <strong>{entry(t.backups.signs, rule) ?? t.backups.rule(rule)}</strong> {t.backups.findings(findings)}
        {since !== undefined && (
          <span className="soft">, {t.backups.signSince(nightTime(since.time, now, reading), since.nights)}</span>
        )}
      </p>
      <Explain of={of} night={night} sign={sign} />
    </li>
  );
}

function Why({ of: { judged, nights }, night }: { of: ComponentBackupsView; night: NightView }) {
  const { t, language, reading } = useWords();
  const now = useNow();
  const count = (value: number) => format.number(value, language);
  if (judged === null) return null;
  const { change, notExamined } = night;
  return (
    <details className="night-why" open>
      <summary>{t.backups.why}</summary>
      <dl className="facts">
        <div>
          <dt>{t.backups.whyRules}</dt>
          <dd>
            {judged.rulesOf === null
              ? t.backups.whyNoRules
              : t.backups.whyRulesOf(judged.ruleFiles, format.day(`${judged.rulesOf}T12:00:00Z`, reading))}
          </dd>
        </div>
        <div>
          <dt>{t.backups.whyNotExamined}</dt>
          <dd>{notExamined === 0 ? t.backups.whyNone : t.backups.files(notExamined)}</dd>
        </div>
        <div>
          <dt>{t.backups.whyChange}</dt>
          <dd>
            {change === null
              ? t.backups.firstNight
              : t.backups.changes(count(change.added), count(change.changed), count(change.removed))}
          </dd>
        </div>
        <div>
          <dt>{t.backups.nights(nights.length)}</dt>
          <dd>
            {t.backups.judged(format.when('at', judged.at, now, reading), format.secondsLong(judged.seconds, language))}{' '}
            {t.backups.whyContents}
            {t.parts.colon} {t.backups.whyContentsOf(count(judged.scanned), count(judged.known))}.
          </dd>
        </div>
        <div>
          <dt>{t.backups.whyConfined}</dt>
          <dd>{t.backups.confinements[judged.confinement]}</dd>
        </div>
        {(night.signs.length > 0 || notExamined > 0) && (
          <div>
            <dt>{t.backups.whyPaths}</dt>
            <dd>{t.backups.whyPathsIn}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}

function LookAgain({ of: { component, readable, askedAt } }: { of: ComponentBackupsView }) {
  const { t } = useWords();
  const may = useMay();
  const { world } = useWorld();
  const judge = useWorldAct<{ components: string[] }>(world, 'nights/judge');
  if (!readable || !may('night.judge')) return null;
  return (
    <div className="no-print">
      <Button
        size="small"
        disabled={judge.isPending || askedAt !== null}
        onClick={() => judge.mutate({ components: [component] })}
      >
        {t.backups.judgeAgain}
      </Button>
      {judge.isError && <RefusalNote refusal={refusalOf(judge.error)} />}
    </div>
  );
}
