import { lazy, Suspense } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { Account, Enrolment } from '../access/Account.tsx';
import { EmergencyWays } from '../access/emergency/EmergencyWays.tsx';
import { Openings } from '../access/emergency/Openings.tsx';
import { Presence } from '../access/Presence.tsx';
import { ProofCard } from '../access/ProofCard.tsx';
import { refusalOf, useSession, useWorlds } from '../access/requests.ts';
import { SignIn } from '../access/SignIn.tsx';
import { WayInPage } from '../access/WayInPage.tsx';
import { useWayIn } from '../access/wayIn.ts';
import { IncidentRoom } from '../activate/IncidentRoom.tsx';
import { Board } from '../board/Board.tsx';
import { World } from '../feed/World.tsx';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { Audit } from '../people/Audit.tsx';
import { People } from '../people/People.tsx';
import { Rights } from '../people/Rights.tsx';
import { Restoration } from '../restore/Restoration.tsx';
import { Settings } from '../settings/Settings.tsx';
import { useWords } from '../words/Words.tsx';
import { NoWorld } from './NoWorld.tsx';
import { Page } from './Page.tsx';
import { Shell } from './Shell.tsx';

const StartScreen = lazy(() => import('../start/StartScreen.tsx'));
const MapScreens = lazy(() => import('../map/MapScreens.tsx'));
const BackupScreens = lazy(() => import('../backups/BackupScreens.tsx'));

export function App() {
  const { wayIn, leave, enter } = useWayIn();
  const session = useSession();
  if (wayIn !== null) return <WayInPage wayIn={wayIn} leave={leave} enter={enter} />;
  if (session.isPending) return <main aria-busy="true" />;
  if (session.isError) return <Unreachable error={session.error} retry={() => void session.refetch()} />;
  if (session.data.person === null) return <SignIn isNew={session.data.isNew} />;
  if (session.data.session.enrolling)
    return (
      <>
        <Enrolment />
        <ProofCard />
      </>
    );
  return (
    <>
      <Switch>
        <Route path="/worlds/:world" nest>
          {({ world }) => <Other world={decodeURIComponent(world)} />}
        </Route>
        <Route>
          <Live />
        </Route>
      </Switch>
      <ProofCard />
      <Presence />
    </>
  );
}

function Live() {
  const worlds = useWorlds();
  if (worlds.isPending) return <main aria-busy="true" />;
  const live = worlds.data?.worlds.find((world) => world.kind === 'live');
  if (live === undefined) return <Unreachable error={worlds.error} retry={() => void worlds.refetch()} />;
  return <Screens world={live.id} />;
}

/** An exercise or a drill: it may have ended, or not stand yet. */
function Other({ world }: { world: string }) {
  const worlds = useWorlds();
  if (worlds.isPending) return <main aria-busy="true" />;
  if (worlds.data !== undefined && !worlds.data.worlds.some((known) => known.id === world))
    return <NoWorld world={world} />;
  return <Screens world={world} />;
}

function Screens({ world }: { world: string }) {
  const { t } = useWords();
  return (
    <World key={world} id={world}>
      <Router>
        <Shell>
          <Switch>
            <Route path="/">
              <Board />
            </Route>
            <Route path="/incidents">
              <IncidentRoom />
            </Route>
            <Route path="/incidents/:incident">{({ incident }) => <IncidentRoom incident={incident} />}</Route>
            <Route path="/restoration">
              <Restoration />
            </Route>
            <Route path="/restoration/backups/*?">
              <Suspense fallback={<Waiting title={t.backups.title} />}>
                <BackupScreens />
              </Suspense>
            </Route>
            <Route path="/map/*?">
              <Suspense fallback={<Waiting title={t.shell.map} />}>
                <MapScreens />
              </Suspense>
            </Route>
            <Route path="/start">
              <Suspense fallback={<Waiting title={t.shell.map} />}>
                <StartScreen />
              </Suspense>
            </Route>
            <Route path="/people">
              <People />
            </Route>
            <Route path="/people/audit">
              <Audit />
            </Route>
            <Route path="/people/emergency">
              <EmergencyWays />
            </Route>
            <Route path="/people/openings">
              <Openings />
            </Route>
            <Route path="/people/rights">
              <Rights />
            </Route>
            <Route path="/account">
              <Account />
            </Route>
            <Route path="/settings">
              <Settings />
            </Route>
            <Route>
              <Redirect to="/" replace />
            </Route>
          </Switch>
        </Shell>
      </Router>
    </World>
  );
}

function Waiting({ title }: { title: string }) {
  const { t } = useWords();
  return (
    <Page title={title}>
      <p>{t.parts.opening}</p>
    </Page>
  );
}

function Unreachable({ error, retry }: { error: unknown; retry(): void }) {
  return (
    <main className="alone">
      <RefusalNote refusal={{ ...refusalOf(error), retryable: true }} onRetry={retry} />
    </main>
  );
}
