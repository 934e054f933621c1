import type { WhatIfBody } from '../../../server/protocol.ts';
import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';

/** Minutes of care not given, by vital tier: at least as if every ward held as long as it can, at most as if none did. */
export function GapByTier({ careGap }: { careGap: WhatIfBody['careGap'] }) {
  const { t, language } = useWords();
  const tiers = ([1, 2, 3] as const).filter((tier) => careGap.byTier[tier].high > 0);
  const hours = format.secondsLong(careGap.horizonSeconds, language);
  return (
    <section className="what-if-gap">
      <h3>{t.mapWhatIf.careGap(hours)}</h3>
      {tiers.length === 0 ? (
        <p>{t.mapWhatIf.noGap}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t.board.vital}</th>
              <th scope="col">{t.mapWhatIf.atLeast}</th>
              <th scope="col">{t.mapWhatIf.atMost}</th>
            </tr>
          </thead>
          <tbody>
            {tiers.map((tier) => (
              <tr key={tier}>
                <th scope="row">{t.board.tier(tier)}</th>
                <td>{format.minutesLong(Math.round(careGap.byTier[tier].low), language)}</td>
                <td>{format.minutesLong(Math.round(careGap.byTier[tier].high), language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="soft">{t.mapWhatIf.gapMeans}</p>
      {careGap.unknownMinutes > 0 && (
        <p className="soft">
          {t.mapWhatIf.unknownMinutes(format.minutesLong(Math.round(careGap.unknownMinutes), language))}
        </p>
      )}
    </section>
  );
}
