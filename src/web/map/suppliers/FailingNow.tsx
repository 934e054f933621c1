import { Link } from 'wouter';
import type { Failing, SuppliersView } from '../../../map/suppliers/register.ts';
import * as format from '../../../words/format.ts';
import { useNow } from '../../feed/World.tsx';
import { ComponentStateMark } from '../../parts/StateMark.tsx';
import { useWords } from '../../words/Words.tsx';
import { CareNames } from './CareNames.tsx';
import { Parties } from './Parties.tsx';

/** What is out by itself, and whom to call for it; what fell with it stands folded below. */
export function FailingNow({ view }: { view: SuppliersView }) {
  const { t, say } = useWords();
  const roots = view.failing.filter(({ isRoot }) => isRoot);
  const others = view.failing.filter(({ isRoot }) => !isRoot);
  const left = view.failingCount - view.failing.length;
  return (
    <section className="failing-now" aria-labelledby="failing-now">
      <h2 id="failing-now">{t.suppliers.failing}</h2>
      {view.failing.length === 0 && <p className="soft">{t.suppliers.allUp}</p>}
      <ol className="failing-list">
        {roots.map((one) => (
          <Out key={one.id} one={one} view={view} />
        ))}
      </ol>
      {others.length > 0 && (
        <details className="failing-others">
          <summary>{t.suppliers.alsoFailing(others.length)}</summary>
          <ul>
            {others.map(({ id, name, state }) => (
              <li key={id}>
                <ComponentStateMark state={state} wordless />{' '}
                <Link href={`/map?at=${encodeURIComponent(id)}`}>{say(name)}</Link>
              </li>
            ))}
          </ul>
        </details>
      )}
      {left > 0 && <p className="soft">{t.suppliers.failingMore(left)}</p>}
    </section>
  );
}

function Out({ one, view }: { one: Failing; view: SuppliersView }) {
  const { t, say, reading } = useWords();
  const now = useNow();
  return (
    <li className="card out print-whole">
      <div className="out-head">
        <h3>
          <Link href={`/map?at=${encodeURIComponent(one.id)}`}>{say(one.name)}</Link>
        </h3>
        <p>
          <ComponentStateMark state={one.state} />{' '}
          <span className="soft">{format.when('since', one.since, now, reading)}</span>
        </p>
        {one.careFunctionsCount === 0 ? (
          <p className="soft">{t.suppliers.carriesNone}</p>
        ) : (
          <CareNames carrying={one} />
        )}
      </div>
      <Parties liability={one.liability} view={view} />
    </li>
  );
}
