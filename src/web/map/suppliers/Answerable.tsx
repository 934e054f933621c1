import { useWords } from '../../words/Words.tsx';
import { Parties } from './Parties.tsx';
import { useLiability, useSuppliers } from './requests.ts';
import './suppliers.css';

/** In the details of a component: who answers for it, and by when while it is out. */
export function Answerable({ component, since }: { component: string; since: string | null }) {
  const { t } = useWords();
  const liability = useLiability(component, since);
  const suppliers = useSuppliers();
  if (liability.data === undefined || suppliers.data === undefined) return null;
  return (
    <section className="answerable">
      <h3>{t.suppliers.who}</h3>
      <Parties liability={liability.data} view={suppliers.data} />
    </section>
  );
}
