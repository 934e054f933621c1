import type { ReactNode } from 'react';
import { useArrival } from './arrival.ts';

export function Page({
  title,
  lead,
  tools,
  className,
  children,
}: {
  title: string;
  lead?: ReactNode;
  tools?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const heading = useArrival(title);
  return (
    <div className={className === undefined ? 'page' : `page ${className}`}>
      <header className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <div className="page-lead">{lead}</div>}
        </div>
        {tools !== undefined && <div className="page-tools">{tools}</div>}
      </header>
      {children}
    </div>
  );
}
