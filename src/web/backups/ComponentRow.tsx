import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { BackupsView, ComponentBackupsView } from '../../restore/nights/views.ts';
import * as format from '../../words/format.ts';
import { refusalOf, useWorldAct } from '../access/requests.ts';
import { useNow, useWorld } from '../feed/World.tsx';
import { Button } from '../parts/Button.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { useMay } from '../people/requests.ts';
import { useWords } from '../words/Words.tsx';
import { Badge } from './Badge.tsx';
import { LookState } from './LookState.tsx';
import type { Span } from './strip/layout.ts';
import { nightPath, Strip } from './strip/Strip.tsx';
import { nightTime } from './times.ts';

/** A component: what rests on it, whether it was proved, its nights, and the one to go back to. */
export function ComponentRow({ of, span }: { of: BackupsView['components'][number]; span: Span }) {
  const { t, say, language } = useWords();
  const { component, careFunctions, nights } = of;
  const row = useRef<HTMLLIElement>(null);
  // Come from elsewhere, for this one.
  useEffect(() => {
    if (location.hash === `#${encodeURIComponent(component)}`) row.current?.scrollIntoView({ block: 'center' });
  }, [component]);
  return (
    <li className="backup-row" ref={row}>
      <div className="backup-head">
        <h3>{say(of.name)}</h3>
        <p className="soft">
          {careFunctions.length === 0
            ? t.backups.carriesNothing
            : t.backups.carries(
                format.list(
                  careFunctions.slice(0, 2).map((one) => say(one.name)),
                  language,
                ),
                Math.max(0, careFunctions.length - 2),
              )}
        </p>
        <Badge of={of} />
      </div>
      <div className="backup-nights">
        {nights.length > 0 && <Strip of={of} {...span} />}
        {of.judged !== null && <LastClear of={of} />}
        <LookState of={of} />
        <JudgeHere of={of} />
      </div>
    </li>
  );
}

/** «Dernière nuit sans signe connu», with what that rests on. */
export function LastClear({
  of: { component, nights, lastClean, beforeFirstSign, judged },
}: {
  of: ComponentBackupsView;
}) {
  const { t, reading } = useWords();
  const now = useNow();
  if (judged === null) return null;
  const night = nights.find(({ snapshot }) => snapshot === lastClean?.snapshot);
  const unexamined = night?.notExamined ?? 0;
  const rules =
    judged.rulesOf === null
      ? t.backups.noRules(unexamined)
      : t.backups.rules(format.day(`${judged.rulesOf}T12:00:00Z`, reading), unexamined);
  return (
    <p className="last-clear" data-none={lastClean === null}>
      {lastClean === null ? (
        t.backups.lastClearNone
      ) : (
        <>
          <span className="strip-last" aria-hidden="true" /> {t.backups.lastClear}
          {t.parts.colon}{' '}
          <Link href={nightPath(component, lastClean.snapshot)}>
            <time dateTime={lastClean.time}>{nightTime(lastClean.time, now, reading)}</time>
          </Link>
        </>
      )}{' '}
      <span className="soft">({rules})</span>
      {beforeFirstSign !== null && beforeFirstSign.snapshot !== lastClean?.snapshot && (
        <>
          {' '}
          <Link href={nightPath(component, beforeFirstSign.snapshot)} className="last-clear-before">
            {t.backups.before(nightTime(beforeFirstSign.time, now, reading))}
          </Link>
        </>
      )}
    </p>
  );
}

/** Only where nothing is known yet, or the last look failed: elsewhere the night's own page offers it. */
function JudgeHere({ of: { component, readable, judged, failure, askedAt } }: { of: ComponentBackupsView }) {
  const { t } = useWords();
  const may = useMay();
  const { world } = useWorld();
  const judge = useWorldAct<{ components: string[] }>(world, 'nights/judge');
  if (!readable || !may('night.judge') || askedAt !== null || (judged !== null && failure === null)) return null;
  return (
    <div className="no-print">
      <Button size="small" disabled={judge.isPending} onClick={() => judge.mutate({ components: [component] })}>
        {judged === null ? t.backups.judge : t.backups.judgeAgain}
      </Button>
      {judge.isError && <RefusalNote refusal={refusalOf(judge.error)} />}
    </div>
  );
}
