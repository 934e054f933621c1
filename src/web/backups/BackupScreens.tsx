import { Redirect, Route, Switch } from 'wouter';
import { useFollowed, useWorld } from '../feed/World.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { RestoreTabs } from '../restore/RestoreTabs.tsx';
import { Page } from '../shell/Page.tsx';
import { useWords } from '../words/Words.tsx';
import { BackupsScreen } from './BackupsScreen.tsx';
import { NightScreen } from './night/NightScreen.tsx';
import './strip/strip.css';
import './backups.css';

/** The nights of everything that is backed up, and each of them. */
export default function BackupScreens() {
  const { t } = useWords();
  const { feed } = useWorld();
  const view = useFollowed('backups');
  const withheld = feed.withheld.backups;
  if (view === undefined)
    return (
      <Page title={t.backups.title}>
        <RestoreTabs />
        {withheld === undefined ? <p className="soft">{t.parts.opening}</p> : <RefusalNote refusal={withheld} />}
      </Page>
    );
  return (
    <Switch>
      <Route path="/restoration/backups">
        <BackupsScreen view={view} />
      </Route>
      <Route path="/restoration/backups/:component/:snapshot">
        {({ component, snapshot }) => (
          <NightScreen
            key={`${component}/${snapshot}`}
            view={view}
            component={decodeURIComponent(component)}
            snapshot={decodeURIComponent(snapshot)}
          />
        )}
      </Route>
      <Route>
        <Redirect to="/restoration/backups" replace />
      </Route>
    </Switch>
  );
}
