import { Tab, Tabs } from '../shell/Tabs.tsx';
import { useWords } from '../words/Words.tsx';

/** What comes back, and what it comes back from. */
export function RestoreTabs() {
  const { t } = useWords();
  return (
    <Tabs label={t.backups.tabs.label}>
      <Tab to="/restoration" label={t.backups.tabs.recovery} />
      <Tab to="/restoration/backups" label={t.backups.tabs.backups} under="/restoration/backups/*?" />
    </Tabs>
  );
}
