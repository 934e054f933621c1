import { useDeferredValue, useState } from 'react';
import type { SuppliersView } from '../../../map/suppliers/register.ts';
import { refusalOf } from '../../access/requests.ts';
import { useWorld } from '../../feed/World.tsx';
import { Button } from '../../parts/Button.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { SearchField } from '../../parts/SearchField.tsx';
import { sought } from '../../parts/sought.ts';
import { useWords } from '../../words/Words.tsx';
import { MapPage } from '../MapPage.tsx';
import { FailingNow } from './FailingNow.tsx';
import { Phones } from './Phones.tsx';
import { useSuppliers } from './requests.ts';
import { Components, SupplierCard } from './SupplierCard.tsx';
import './suppliers.css';

/** Who owes what, within which time, and whom to call. */
export default function SuppliersScreen() {
  const { t } = useWords();
  const { feed } = useWorld();
  const suppliers = useSuppliers();
  const hasNoMap = feed.views.map !== undefined && feed.views.map.nodes.length === 0;
  return (
    <MapPage
      title={t.suppliers.title}
      lead={<p>{t.suppliers.lead}</p>}
      className="suppliers"
      tools={
        suppliers.data !== undefined && (
          <Button icon="print" onClick={() => print()}>
            {t.suppliers.print}
          </Button>
        )
      }
    >
      {hasNoMap && <p className="soft">{t.board.noMap}</p>}
      {suppliers.isError && (
        <RefusalNote refusal={refusalOf(suppliers.error)} onRetry={() => void suppliers.refetch()} />
      )}
      {suppliers.data !== undefined && !hasNoMap && <Register view={suppliers.data} />}
    </MapPage>
  );
}

function Register({ view }: { view: SuppliersView }) {
  const { t, say } = useWords();
  const [query, seek] = useState('');
  const wanted = useDeferredValue(sought(query));
  const isWanted = (...texts: string[]) => texts.some((text) => sought(text).includes(wanted));
  const suppliers = view.suppliers.filter(({ name, components }) =>
    isWanted(name, ...components.map((one) => say(one.name))),
  );
  const teams = view.teams.filter(({ name }) => isWanted(say(name)));
  const names = new Map(view.suppliers.map(({ id, name }) => [id, name]));
  return (
    <>
      <FailingNow view={view} />
      {view.suppliers.length === 0 && (
        <div className="empty">
          <h2>{t.suppliers.none}</h2>
          <p>{t.suppliers.noneMeans}</p>
        </div>
      )}
      {view.suppliers.length + view.teams.length > 8 && (
        <div className="suppliers-search no-print">
          <SearchField label={t.suppliers.search} value={query} onChange={seek} />
        </div>
      )}
      {suppliers.length + teams.length === 0 && wanted !== '' && (
        <p className="soft">{t.suppliers.nothingFound(query)}</p>
      )}
      {suppliers.length > 0 && (
        <section aria-labelledby="suppliers-all">
          <h2 id="suppliers-all">{t.suppliers.sheet}</h2>
          <ul className="card suppliers-list">
            {suppliers.map((supplier) => (
              <SupplierCard key={supplier.id} supplier={supplier} nameOf={(id) => names.get(id) ?? id} />
            ))}
          </ul>
        </section>
      )}
      {teams.length > 0 && (
        <section aria-labelledby="teams-all">
          <h2 id="teams-all">{t.suppliers.teams}</h2>
          <ul className="card suppliers-list">
            {teams.map((team) => (
              <li key={team.id} className="supplier print-whole">
                <h3>{say(team.name)}</h3>
                <Phones
                  name={say(team.name)}
                  inHours={team.phone}
                  atNight={team.onCall}
                  nightWord={t.suppliers.onCall}
                />
                <details className="supplier-more">
                  <summary>{t.suppliers.looksAfter(team.componentsCount)}</summary>
                  <p className="supplier-details">
                    <Components found={team.components} count={team.componentsCount} />
                  </p>
                </details>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
