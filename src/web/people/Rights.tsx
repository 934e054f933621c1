import { policyRows } from '../../access/views.ts';
import { rightInWords } from '../../words/rightInWords.ts';
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
  const told = rightInWords(right, t);
  return (
    <tr>
      <th scope="row">{told.act}</th>
      <td data-term={t.rights.who}>{told.who}</td>
      <td data-term={t.rights.reach}>{told.reach}</td>
      <td data-term={t.rights.demands}>{told.demands}</td>
    </tr>
  );
}
