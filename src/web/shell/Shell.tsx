import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import * as format from '../../words/format.ts';
import { Approvals } from '../access/Approvals.tsx';
import { BreakGlassBanner } from '../access/emergency/BreakGlassBanner.tsx';
import { useNow, useWorld } from '../feed/World.tsx';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { useMay } from '../people/requests.ts';
import { WorldBanner } from '../prepare/WorldBanner.tsx';
import { StartOffer } from '../start/StartOffer.tsx';
import { useWords } from '../words/Words.tsx';
import { Announcements } from './Announcements.tsx';
import './shell.css';

export function Shell({ children }: { children: ReactNode }) {
  const { t, say } = useWords();
  const { feed } = useWorld();
  const may = useMay();
  const establishment = feed.views.board?.establishment.name;
  const openIncidents = feed.views.incidents?.incidents.filter((one) => one.closedAt === null).length ?? 0;
  return (
    <>
      <a className="skip-link" href="#content">
        {t.shell.skip}
      </a>
      <Announcements />
      <WorldBanner />
      <BreakGlassBanner isCalm={feed.world?.info.kind === 'live' && openIncidents === 0} />
      <Approvals />
      <StartOffer />
      <header className="shell-bar">
        <Link href="/" className="brand">
          <BrandMark />
          <span className="brand-name">Reflexe</span>
          {establishment !== undefined && <span className="brand-place">{say(establishment)}</span>}
        </Link>
        <nav className="shell-nav" aria-label={t.shell.navigation}>
          <NavLink to="/" icon="board" label={t.shell.board} />
          <NavLink
            to="/incidents"
            icon="incident"
            label={t.shell.incidents}
            count={openIncidents}
            under="/incidents/:incident"
          />
          <NavLink to="/restoration" icon="restoration" label={t.shell.restoration} under="/restoration/*?" />
          <NavLink to="/map" icon="map" label={t.shell.map} under="/map/*?" />
          {may('people.see') && <NavLink to="/people" icon="person" label={t.people.title} under="/people/:screen" />}
          <NavLink to="/settings" icon="settings" label={t.shell.settings} />
        </nav>
        <Clock />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function NavLink({
  to,
  icon,
  label,
  count = 0,
  under = to,
}: {
  to: string;
  icon: IconName;
  label: string;
  count?: number;
  under?: string;
}) {
  const { t } = useWords();
  const [here] = useRoute(to);
  const [below] = useRoute(under);
  return (
    <Link href={to} aria-current={here || below ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{label}</span>
      {count > 0 && (
        <span className="nav-count">
          <span aria-hidden="true">{count}</span>
          <span className="visually-hidden">{t.shell.openIncidents(count)}</span>
        </span>
      )}
    </Link>
  );
}

function Clock() {
  const { reading } = useWords();
  const now = useNow();
  return (
    <p className="shell-clock">
      <time dateTime={new Date(now).toISOString()}>{format.clock(now, reading)}</time>
      <span>{format.weekday(now, reading)}</span>
    </p>
  );
}

export function BrandMark() {
  return (
    <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M6 9h20M6 16h11M6 23h15" />
      <path className="brand-now" d="M21.5 4v24" />
    </svg>
  );
}
