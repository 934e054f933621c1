import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useWords } from '../words/Words.tsx';
import { MapEditing } from './edit/Editing.tsx';
import { MapPage } from './MapPage.tsx';
import { mapTabs } from './tabs.ts';

type Name = (typeof mapTabs)[number]['name'];

/** Fetched when first opened. Each is a `MapPage`. */
const screens: { [name in Name]: LazyExoticComponent<ComponentType> } = {
  map: lazy(() => import('./MapScreen.tsx')),
  weakPoints: lazy(() => import('./weakPoints/WeakPointsScreen.tsx')),
  returns: lazy(() => import('./returns/ReturnsScreen.tsx')),
  suppliers: lazy(() => import('./suppliers/SuppliersScreen.tsx')),
  import: lazy(() => import('./import/ImportScreen.tsx')),
  changes: lazy(() => import('./changes/ChangesScreen.tsx')),
};

/** Everything about the map, one screen beside the other. */
export default function MapScreens() {
  return (
    <MapEditing>
      <Switch>
        {mapTabs.map(({ name, path }) => {
          const Screen = screens[name];
          return (
            <Route key={name} path={path}>
              <Suspense fallback={<Waiting name={name} />}>
                <Screen />
              </Suspense>
            </Route>
          );
        })}
        <Route>
          <Redirect to="/map" replace />
        </Route>
      </Switch>
    </MapEditing>
  );
}

function Waiting({ name }: { name: Name }) {
  const { t } = useWords();
  return (
    <MapPage title={t.map.tabs[name]}>
      <p className="soft">{t.parts.opening}</p>
    </MapPage>
  );
}
