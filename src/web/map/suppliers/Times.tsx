import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';

/** Within which time it answers and repairs, where it said. */
export function Times({ answers, repairs }: { answers: number | undefined; repairs: number | undefined }) {
  const { t, language } = useWords();
  const within = (seconds: number) => t.suppliers.within(format.secondsLong(seconds, language));
  if (answers === undefined && repairs === undefined) return <p className="soft times">{t.suppliers.notSaid}</p>;
  return (
    <p className="times">
      {[
        ...(answers === undefined ? [] : [`${t.suppliers.answers} ${within(answers)}`]),
        ...(repairs === undefined ? [] : [`${t.suppliers.repairs} ${within(repairs)}`]),
      ].join(' · ')}
    </p>
  );
}
