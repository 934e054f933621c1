import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { RefusalNote } from '../parts/RefusalNote.tsx';
import { Progress } from '../prepare/DrillBanner.tsx';
import { useDrill } from '../prepare/drill.ts';
import { useWords } from '../words/Words.tsx';

/** An exercise that ended, or a laboratory that is still being built: said in words, with the way on. */
export function NoWorld({ world }: { world: string }) {
  const { t } = useWords();
  const client = useQueryClient();
  const drill = useDrill(world === 'drill');
  const status = drill.data;
  useEffect(() => {
    if (status?.running === true) void client.invalidateQueries({ queryKey: ['worlds'] });
  }, [status, client]);
  return (
    <main className="alone">
      <title>{`${status?.running === true ? t.prepare.drillStarts : t.prepare.ended} · Reflexe`}</title>
      <div className="empty">
        <h1>{status?.running === true ? t.prepare.drillStarts : t.prepare.ended}</h1>
        <p role="status">{status?.running === true ? <Progress status={status} /> : t.prepare.endedMeans}</p>
        {status?.outcome?.ok === false && <RefusalNote refusal={status.outcome.refusal} />}
        <Link href="~/" className="button button-plain">
          {t.prepare.backToReal}
        </Link>
      </div>
    </main>
  );
}
