import type { ComponentProps } from 'react';
import { useMay } from '../people/requests.ts';
import { Page } from '../shell/Page.tsx';
import { Tab, Tabs } from '../shell/Tabs.tsx';
import { useWords } from '../words/Words.tsx';
import { type MapTab, mapTabs } from './tabs.ts';

/** A page of the map: the others stand beside it. */
export function MapPage({ children, ...page }: ComponentProps<typeof Page>) {
  const { t } = useWords();
  const may = useMay();
  const open = mapTabs.filter(({ act }: MapTab) => act === undefined || may(act));
  return (
    <Page {...page}>
      {open.length > 1 && (
        <Tabs label={t.shell.map}>
          {open.map(({ name, path }) => (
            <Tab key={name} to={path} label={t.map.tabs[name]} />
          ))}
        </Tabs>
      )}
      {children}
    </Page>
  );
}
