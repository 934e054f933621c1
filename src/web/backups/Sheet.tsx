import type { BackupsView } from '../../restore/nights/views.ts';
import * as format from '../../words/format.ts';
import { useNow } from '../feed/World.tsx';
import { useWords } from '../words/Words.tsx';
import { useBadgeWords } from './Badge.tsx';
import { nightTime } from './times.ts';

/** For the crisis binder: from where each component starts again, whether it was tried, and what is lost. */
export function Sheet({ view: { components } }: { view: BackupsView }) {
  const { t, say, reading, language } = useWords();
  const now = useNow();
  const badgeWords = useBadgeWords();
  const count = (value: number) => format.number(value, language);
  return (
    <section className="only-print backups-sheet">
      <h2>{t.backups.sheet}</h2>
      <p>{t.parts.printedAt(format.day(now, reading), format.clock(now, reading))}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.backups.sheetComponent}</th>
            <th scope="col">{t.backups.sheetLast}</th>
            <th scope="col">{t.backups.sheetProof}</th>
            <th scope="col">{t.backups.sheetLoss}</th>
          </tr>
        </thead>
        <tbody>
          {components.map(({ component, name, source, nights, lastClean, lost, judged, badge, proof }) => {
            const night = nights.find(({ snapshot }) => snapshot === lastClean?.snapshot);
            const unexamined = night?.notExamined ?? 0;
            return (
              <tr key={component}>
                <th scope="row">
                  {say(name)}
                  <span>{source}</span>
                </th>
                <td>
                  {lastClean === null ? (
                    judged === null ? (
                      t.backups.neverJudged
                    ) : (
                      t.backups.lastClearNone
                    )
                  ) : (
                    <>
                      {nightTime(lastClean.time, now, reading)} <code>{lastClean.snapshot.slice(0, 12)}</code>
                      <span>
                        {judged === null || judged.rulesOf === null
                          ? t.backups.noRules(unexamined)
                          : t.backups.rules(format.day(`${judged.rulesOf}T12:00:00Z`, reading), unexamined)}
                      </span>
                    </>
                  )}
                </td>
                <td>
                  {t.backups.badges[badge]}
                  <span>{badgeWords({ badge, proof })}</span>
                  {proof.proved !== null && (
                    <span>{t.backups.sheetTook(format.secondsLong(proof.proved.seconds, language))}</span>
                  )}
                </td>
                <td>
                  {lastClean !== null &&
                    t.backups.lossTime(format.minutesLong((now - Date.parse(lastClean.time)) / 60_000, language))}
                  {lost !== null && <span>{t.backups.sheetTo(count(lost.added), count(lost.changed))}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
