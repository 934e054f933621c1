import type { ComponentBackupsView, NightView } from '../../../restore/nights/views.ts';
import * as format from '../../../words/format.ts';
import { useNow } from '../../feed/World.tsx';
import { useWords } from '../../words/Words.tsx';
import { lossAtMost } from '../strip/nightState.ts';

/** «What would I lose?»: hours of what was entered, and files against the newest night. */
export function LossCard({ of: { nights, lastClean, lost }, night }: { of: ComponentBackupsView; night: NightView }) {
  const { t, language } = useWords();
  const now = useNow();
  const length = format.minutesLong((now - Date.parse(night.time)) / 60_000, language);
  const count = (value: number) => format.number(value, language);
  const isNewest = nights.at(-1)?.snapshot === night.snapshot;
  const known = lastClean?.snapshot === night.snapshot ? lost : null;
  const atMost = lossAtMost(nights, night.snapshot);
  return (
    <section className="card">
      <h2>{t.backups.loss}</h2>
      <p className="loss-time">{t.backups.lossTime(length)}</p>
      {isNewest ? (
        <p>{t.backups.lossNewest}</p>
      ) : (
        <>
          <p>
            {known !== null
              ? t.backups.lossFiles(count(known.added), count(known.changed), count(known.removed))
              : atMost !== null
                ? t.backups.lossAtMost(count(atMost.added), count(atMost.changed), count(atMost.removed))
                : t.backups.lossUnknown}
          </p>
          <p className="soft no-print">{t.backups.lossLook}</p>
        </>
      )}
    </section>
  );
}
