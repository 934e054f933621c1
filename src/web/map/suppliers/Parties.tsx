import type { Due, Liability, LiableParty } from '../../../map/suppliers/liable.ts';
import type { SupplierSheet, SuppliersView } from '../../../map/suppliers/register.ts';
import * as format from '../../../words/format.ts';
import { useNow } from '../../feed/World.tsx';
import { useWords } from '../../words/Words.tsx';
import { Phones } from './Phones.tsx';

/** Who answers for one component: the house's team, its supplier, and those behind them, each with the time that runs. */
export function Parties({
  liability,
  view,
}: {
  liability: Liability;
  view: Pick<SuppliersView, 'suppliers' | 'teams'>;
}) {
  const { t, say } = useWords();
  const suppliers = new Map(view.suppliers.map((one) => [one.id, one]));
  const team = view.teams.find(({ id }) => id === liability.team);
  const hasClock = liability.parties.some(({ answer, repair }) => answer !== null || repair !== null);
  if (team === undefined && liability.parties.length === 0) return <p className="soft">{t.suppliers.nobodyLiable}</p>;
  return (
    <>
      <ol className="parties">
        {team !== undefined && (
          <li className="party">
            <p className="party-name">
              <b>{say(team.name)}</b> <span className="soft">{t.suppliers.team}</span>
            </p>
            <Phones name={say(team.name)} inHours={team.phone} atNight={team.onCall} nightWord={t.suppliers.onCall} />
          </li>
        )}
        {liability.parties.map((party) => {
          const supplier = suppliers.get(party.supplier);
          return supplier === undefined ? null : (
            <Party key={party.supplier} party={party} supplier={supplier} suppliers={suppliers} />
          );
        })}
      </ol>
      {hasClock && <p className="soft parties-note">{t.suppliers.counted}</p>}
    </>
  );
}

function Party({
  party,
  supplier,
  suppliers,
}: {
  party: LiableParty;
  supplier: SupplierSheet;
  suppliers: ReadonlyMap<string, SupplierSheet>;
}) {
  const { t, language } = useWords();
  const nameOf = (id: string) => suppliers.get(id)?.name ?? id;
  return (
    <li className="party" data-behind={party.through !== null}>
      <p className="party-name">
        <b>{supplier.name}</b>{' '}
        <span className="soft">
          {party.through === null ? t.suppliers.direct : t.suppliers.through(nameOf(party.through))}
        </span>
      </p>
      <Phones
        name={supplier.name}
        inHours={supplier.phone}
        atNight={supplier.phoneAtNight}
        nightWord={t.suppliers.atNight}
      />
      {(party.answer !== null || party.repair !== null) && (
        <dl className="dues">
          <Clock word={t.suppliers.answer} due={party.answer} supplier={supplier} />
          <Clock word={t.suppliers.repair} due={party.repair} supplier={supplier} />
        </dl>
      )}
      <ContractWarnings party={party} supplier={supplier} />
      {party.backTo.length > 0 && (
        <p className="soft">{t.suppliers.ring(format.list(party.backTo.map(nameOf), language))}</p>
      )}
    </li>
  );
}

function Clock({ word, due, supplier }: { word: string; due: Due | null; supplier: SupplierSheet }) {
  const { t, say, language, reading } = useWords();
  const now = useNow();
  if (due === null) {
    return (
      <div>
        <dt>{word}</dt>
        <dd className="soft">{t.suppliers.notSaid}</dd>
      </div>
    );
  }
  const seconds = (Date.parse(due.at) - now) / 1000;
  const isLate = seconds < 0;
  const contract = supplier.contracts.find(({ id }) => id === due.contract);
  return (
    <div>
      <dt>{word}</dt>
      <dd data-late={isLate}>
        <b>{format.moment(due.at, now, reading)}</b> ·{' '}
        <span className="due-left">
          {isLate
            ? t.suppliers.late(format.minutesLong(-seconds / 60, language))
            : t.suppliers.dueIn(format.minutesLong(seconds / 60, language))}
        </span>{' '}
        <span className="soft due-basis">
          {contract === undefined ? t.suppliers.fromSupplier : t.suppliers.fromContract(say(contract.name))}
          {contract?.hours !== undefined && ` · ${contract.hours}`}
        </span>
      </dd>
    </div>
  );
}

/** A contract over it that no longer promises anything, or not yet. */
function ContractWarnings({ party, supplier }: { party: LiableParty; supplier: SupplierSheet }) {
  const { t, say, reading } = useWords();
  const day = (date: string | undefined) =>
    date === undefined ? '' : format.day(date, { ...reading, timeZone: 'UTC' });
  return party.contracts
    .filter(({ standing }) => standing !== 'inForce')
    .map(({ contract: id, standing }) => {
      const contract = supplier.contracts.find((one) => one.id === id);
      return contract === undefined ? null : (
        <p key={id} className="contract-warning" data-severe={standing === 'ended'}>
          {say(contract.name)} :{' '}
          {standing === 'ended' ? t.suppliers.ended(day(contract.until)) : t.suppliers.notYet(day(contract.from))}
        </p>
      );
    });
}
