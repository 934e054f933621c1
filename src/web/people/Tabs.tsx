import { Tabs as Row, Tab } from '../shell/Tabs.tsx';
import { useWords } from '../words/Words.tsx';
import { useMay } from './requests.ts';

/** The screens about people, side by side; only those that open. */
export function Tabs() {
  const { t } = useWords();
  const may = useMay();
  return (
    <Row label={t.people.title}>
      {may('people.see') && <Tab to="/people" label={t.people.title} />}
      {may('audit.see') && <Tab to="/people/audit" label={t.audit.title} />}
      <Tab to="/people/rights" label={t.rights.title} />
      {may('wardCard.manage') && <Tab to="/people/emergency" label={t.waysIn.emergency.title} />}
      {may('breakGlass.review') && <Tab to="/people/openings" label={t.waysIn.reviews.title} />}
    </Row>
  );
}
