import { Link } from 'wouter';
import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';
import { supposing } from '../whatIf/hypothesis.ts';
import type { Found } from './requests.ts';

const SECONDS_PER_YEAR = 31_557_600;
const SETS_SHOWN = 30;
const IMPORTANT_SHOWN = 6;

/** What is enough, alone or together, to lose one care function; how likely only where rates have a source. */
export function FunctionSets({
  tree,
  tier,
  rates,
  orderMax,
  nameOf,
}: {
  tree: Found['trees'][number];
  tier: number | null;
  rates: Found['rates'];
  orderMax: number;
  nameOf(id: string): string;
}) {
  const { t, language } = useWords();
  const words = t.mapWeak;
  const { byOrder, listed } = tree.minimalCutSets;
  const countOf = (order: number) => String(byOrder[order] ?? 0);
  const together = listed.filter(({ length }) => length > 1).slice(0, SETS_SHOWN);
  const important = tree.importance.slice(0, IMPORTANT_SHOWN);
  return (
    <details className="weak-function">
      <summary>
        <span className="weak-name">{nameOf(tree.top)}</span>
        {tier !== null && <span className="soft">{t.mapWhatIf.tier(tier)}</span>}
        <span className="soft weak-sets">{words.sets(countOf(1), countOf(2))}</span>
      </summary>
      {tree.topProbability !== null ? (
        <p>
          <b>{words.lostPerYear(format.secondsLong(Math.round(tree.topProbability * SECONDS_PER_YEAR), language))}</b>{' '}
          <span className="soft">
            {words.lostPerYearFrom(format.list([...new Set(rates.map(({ source }) => source))].slice(0, 5), language))}
          </span>
        </p>
      ) : (
        tree.withoutRate > 0 && <p className="soft">{words.noRates(tree.withoutRate)}</p>
      )}
      {together.length === 0 ? (
        <p>{words.noPairs}</p>
      ) : (
        [2, 3].map((order) => {
          const sets = together.filter(({ length }) => length === order);
          if (sets.length === 0) return null;
          return (
            <div key={order}>
              <h3>
                {order === 2 ? words.pairs : words.triples} <span className="soft">{countOf(order)}</span>
              </h3>
              <ul>
                {sets.map((set) => (
                  <li key={set.join()}>
                    <Link href={`/map?${supposing(...set)}`}>{set.map(nameOf).join(` ${words.together} `)}</Link>
                  </li>
                ))}
              </ul>
            </div>
          );
        })
      )}
      {tree.minimalCutSets.notListed !== '0' && (
        <p className="soft">{words.notListed(tree.minimalCutSets.notListed)}</p>
      )}
      {important.length > 0 && (
        <div>
          <h3>{words.importance}</h3>
          <p>
            {format.list(
              important.map(({ id }) => nameOf(id)),
              language,
            )}
          </p>
        </div>
      )}
      <p className="soft">{words.atMostOrder(orderMax)}</p>
    </details>
  );
}
