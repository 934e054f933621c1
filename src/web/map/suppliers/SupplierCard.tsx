import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Named, SupplierSheet } from '../../../map/suppliers/register.ts';
import * as format from '../../../words/format.ts';
import { useWords } from '../../words/Words.tsx';
import { CareNames } from './CareNames.tsx';
import { ContractSheetCard, ContractWarning } from './ContractSheetCard.tsx';
import { Phones } from './Phones.tsx';
import { Times } from './Times.tsx';

/** One supplier: its numbers and its times in sight, what it signed and what hangs on it one step away. */
export function SupplierCard({ supplier, nameOf }: { supplier: SupplierSheet; nameOf(id: string): string }) {
  const { t, language } = useWords();
  const { name, contact, email, phone, phoneAtNight, contracts, reliesOn = [], reliedOnBy } = supplier;
  return (
    <li className="supplier print-whole">
      <div>
        <h3>{name}</h3>
        <p className="soft supplier-short">
          {[
            t.suppliers.componentsCount(supplier.componentsCount),
            supplier.careFunctionsCount === 0
              ? t.suppliers.carriesNone
              : t.suppliers.functionsCount(supplier.careFunctionsCount),
          ].join(' · ')}
        </p>
      </div>
      <Phones name={name} inHours={phone} atNight={phoneAtNight} nightWord={t.suppliers.atNight} />
      <div className="supplier-times">
        <Times answers={supplier.mustAnswerWithinSeconds} repairs={supplier.mustRepairWithinSeconds} />
        {contracts.map((contract) => (
          <ContractWarning key={contract.id} contract={contract} />
        ))}
      </div>
      <details className="supplier-more">
        <summary>
          {t.suppliers.details}
          <span className="visually-hidden"> {name}</span>
        </summary>
        <div className="supplier-details">
          {contracts.length === 0 && <p className="soft">{t.suppliers.noContract}</p>}
          {contracts.map((contract) => (
            <ContractSheetCard key={contract.id} contract={contract} />
          ))}
          <dl className="facts">
            {contact !== undefined && <Fact term={t.suppliers.contact}>{contact}</Fact>}
            {email !== undefined && (
              <Fact term={t.suppliers.email}>
                <a href={`mailto:${email}`}>{email}</a>
              </Fact>
            )}
            {reliesOn.length > 0 && (
              <Fact term={t.suppliers.reliesOn}>{format.list(reliesOn.map(nameOf), language)}</Fact>
            )}
            {reliedOnBy.length > 0 && (
              <Fact term={t.suppliers.reliedOnBy}>{format.list(reliedOnBy.map(nameOf), language)}</Fact>
            )}
            <Fact term={t.suppliers.provides}>
              <Components found={supplier.components} count={supplier.componentsCount} />
            </Fact>
          </dl>
          <h4>{t.suppliers.carries}</h4>
          {supplier.careFunctionsCount === 0 ? (
            <p className="soft">{t.suppliers.carriesNone}</p>
          ) : (
            <CareNames carrying={supplier} />
          )}
        </div>
      </details>
    </li>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Components({ found, count }: { found: readonly Named[]; count: number }) {
  const { t, say } = useWords();
  if (count === 0) return t.suppliers.componentsCount(0);
  return (
    <>
      {found.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ' · '}
          <Link href={`/map?at=${encodeURIComponent(id)}`}>{say(name)}</Link>
        </span>
      ))}
      {count > found.length && ` ${t.suppliers.andMore(count - found.length)}`}
    </>
  );
}
