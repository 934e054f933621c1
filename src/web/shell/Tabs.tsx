import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import './tabs.css';

/** Screens about one thing, side by side. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className="tabs no-print" aria-label={label}>
      {children}
    </nav>
  );
}

export function Tab({ to, label, under = to }: { to: string; label: string; under?: string }) {
  const [here] = useRoute(under);
  return (
    <Link href={to} aria-current={here ? 'page' : undefined}>
      {label}
    </Link>
  );
}
