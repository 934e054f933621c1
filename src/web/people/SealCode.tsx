import { useQuery } from '@tanstack/react-query';
import type { SealBody } from '../../server/protocol.ts';
import { ask } from '../access/requests.ts';
import { useWorld } from '../feed/World.tsx';
import { useWords } from '../words/Words.tsx';
import './people.css';

/** The place of the journal, short enough for a sheet of paper: what is printed with it can be held against the journal later. */
export function SealCode() {
  const { t } = useWords();
  const { world } = useWorld();
  const { data } = useQuery({
    queryKey: ['seal', world],
    queryFn: () => ask<SealBody>('GET', `/api/worlds/${encodeURIComponent(world)}/seal`),
    refetchInterval: 30_000,
  });
  if (data === undefined) return null;
  return (
    <p className="seal-code">
      {t.audit.sealCode}
      {t.parts.colon} <code>{data.code}</code> <span className="soft">{t.audit.sealCodeMeans}</span>
    </p>
  );
}
