import type { Carrying } from '../../../map/suppliers/register.ts';
import { useWords } from '../../words/Words.tsx';

/** Care functions by vital tier, most vital first. */
export function CareNames({ carrying: { careFunctions, careFunctionsCount } }: { carrying: Carrying }) {
  const { t, say } = useWords();
  const tiers = [...Map.groupBy(careFunctions, ({ tier }) => tier)];
  const left = careFunctionsCount - careFunctions.length;
  return (
    <dl className="care-names">
      {tiers.map(([tier, found]) => (
        <div key={tier}>
          <dt>{t.board.tier(tier)}</dt>
          <dd>{found.map(({ name }) => say(name)).join(' · ')}</dd>
        </div>
      ))}
      {left > 0 && (
        <div>
          <dt />
          <dd className="soft">{t.suppliers.andMore(left)}</dd>
        </div>
      )}
    </dl>
  );
}
