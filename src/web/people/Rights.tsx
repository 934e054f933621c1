import { demandsOf, policyRows } from '../../access/views.ts';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { Tabs } from './Tabs.tsx';
import './people.css';

/** The whole policy, in words: what decides is what is shown. */
export function Rights() {
  const { t } = useWords();
  return (
    <Page title={t.rights.title} lead={t.rights.lead} className="people">
      <Tabs />
      <table className="rights-table">
        <thead>
          <tr>
            <th scope="col">{t.rights.act}</th>
            <th scope="col">{t.rights.who}</th>
            <th scope="col">{t.rights.reach}</th>
            <th scope="col">{t.rights.demands}</th>
          </tr>
        </thead>
        <tbody>
          {policyRows.map((right) => (
            <Row key={right.act} right={right} />
          ))}
        </tbody>
      </table>
    </Page>
  );
}

function Row({ right }: { right: (typeof policyRows)[number] }) {
  const { t } = useWords();
  const who =
    typeof right.allowed === 'string'
      ? { public: t.rights.anyone, signedIn: t.rights.signedIn, site: t.rights.site }[right.allowed]
      : [...new Set(right.allowed)].map((role) => t.access.roles[role]).join(', ');
  const demands = demandsOf(right).map((one) => t.rights[one]);
  return (
    <tr>
      <th scope="row">{t.acts[right.act]}</th>
      <td data-term={t.rights.who}>{who}</td>
      <td data-term={t.rights.reach}>{right.allowed === 'signedIn' ? t.rights.own : t.rights.scopes[right.scope]}</td>
      <td data-term={t.rights.demands}>{demands.join(', ')}</td>
    </tr>
  );
}
