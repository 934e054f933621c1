import type { ComponentBackupsView } from '../../restore/nights/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { useNow } from '../feed/World.tsx';
import { Icon } from '../parts/Icon.tsx';
import { refusalWords } from '../parts/told.ts';
import { useWords } from '../words/Words.tsx';

/** Whether its nights are known: not read here, never looked through, waiting, at work, or why the last look failed. */
export function LookState({
  of: { source, readable, judging, judged, failure, askedAt },
}: {
  of: ComponentBackupsView;
}) {
  const { t, language, reading } = useWords();
  const now = useNow();
  const bytes = (value: number) => format.bytes(value, language);
  if (!readable) return <p className="soft">{t.backups.noSourceHere(source)}</p>;
  if (judging !== null)
    return (
      <p className="look-running" role="status">
        <span>{t.backups.judging}</span>
        <progress
          aria-label={t.backups.judging}
          {...(judging.total > 0 ? { max: judging.total, value: judging.done } : {})}
        />
        <span className="soft figures">
          {judging.total > 0
            ? t.backups.judgingRead(bytes(judging.done), bytes(judging.total))
            : t.backups.judgingDone(bytes(judging.done))}
        </span>
      </p>
    );
  return (
    <>
      {askedAt !== null && <p className="soft">{t.backups.asked(format.when('at', askedAt, now, reading))}</p>}
      {judged === null && askedAt === null && failure === null && <p className="soft">{t.backups.neverJudged}</p>}
      {failure !== null && <Failure failure={failure} />}
    </>
  );
}

function Failure({ failure }: { failure: NonNullable<ComponentBackupsView['failure']> }) {
  const { t, reading } = useWords();
  const now = useNow();
  const told = refusalWords(failure.code, t);
  const plain = entry(t.backups.judgeFailures, failure.code);
  return (
    <div className="look-failed">
      <Icon name="gap" />
      <p>
        <strong>{t.backups.judgeFailed(format.when('at', failure.at, now, reading))}</strong>{' '}
        {told?.what ?? plain ?? (
          <>
            {t.parts.refused(failure.code)} <span lang="en">{failure.detail}</span>
          </>
        )}{' '}
        {told?.cure}
      </p>
    </div>
  );
}
