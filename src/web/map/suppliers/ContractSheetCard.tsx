import type { ContractSheet } from '../../../map/suppliers/register.ts';
import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';
import { Times } from './Times.tsx';

/** A contract as one reads it in a crisis: what is promised first, then its clauses in full. */
export function ContractSheetCard({ contract }: { contract: ContractSheet }) {
  const { t, say } = useWords();
  const { name, number, hours, covers, clauses } = contract;
  return (
    <article className="contract" data-standing={contract.standing}>
      <h4>
        {say(name)} {number !== undefined && <span className="soft">{t.suppliers.contractNumber(number)}</span>}
      </h4>
      <Times answers={contract.mustAnswerWithinSeconds} repairs={contract.mustRepairWithinSeconds} />
      <p className="soft">
        {[
          ...(hours === undefined ? [] : [hours]),
          covers.length === 0
            ? t.suppliers.coversAll
            : t.suppliers.covers(covers.map((one) => say(one.name)).join(', ')),
          ...useRuns(contract),
        ].join(' · ')}
      </p>
      {clauses.length > 0 && (
        <dl className="clauses">
          {clauses.map(({ title, text }) => (
            <div key={say(title)}>
              <dt>{say(title)}</dt>
              <dd>{say(text)}</dd>
            </div>
          ))}
        </dl>
      )}
    </article>
  );
}

const useDay = () => {
  const { reading } = useWords();
  return (date: string) => format.day(date, { ...reading, timeZone: 'UTC' });
};

function useRuns({ from, until }: ContractSheet): string[] {
  const { t } = useWords();
  const day = useDay();
  if (from !== undefined && until !== undefined) return [t.suppliers.runs(day(from), day(until))];
  if (from !== undefined) return [t.suppliers.runsFrom(day(from))];
  return until === undefined ? [] : [t.suppliers.runsUntil(day(until))];
}

/** Ended, not begun, or about to end: said while it can still be renewed. */
export function ContractWarning({ contract }: { contract: ContractSheet }) {
  const { t, say } = useWords();
  const day = useDay();
  const { standing, endsInDays, endsSoon, until, from } = contract;
  const said =
    standing === 'ended' && until !== undefined
      ? t.suppliers.ended(day(until))
      : standing === 'notYet' && from !== undefined
        ? t.suppliers.notYet(day(from))
        : endsInDays !== null && endsSoon
          ? endsInDays === 0
            ? t.suppliers.endsToday
            : t.suppliers.endsSoon(endsInDays)
          : null;
  if (said === null) return null;
  return (
    <p className="contract-warning" data-severe={standing === 'ended'}>
      <b>{say(contract.name)}</b> — {said}
    </p>
  );
}
