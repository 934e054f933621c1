import { refusalOf } from '../../access/requests.ts';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import type { SightingShown, useSighting } from './sighting.ts';
import './sighted.css';

/** Names listed at once: the rest is counted, and behind a press. */
const SHOWN = 12;

/** What a sign was found in, read for this screen alone; `children` once it is here. */
export function Sighted({
  look,
  children,
}: {
  look: ReturnType<typeof useSighting>;
  children?: (seen: SightingShown) => React.ReactNode;
}) {
  const { t } = useWords();
  if (look.isError) return <RefusalNote refusal={refusalOf(look.error)} onRetry={() => void look.refetch()} />;
  const seen = look.data;
  if (seen === undefined)
    return (
      <p role="status">
        {t.backups.sighting} <progress aria-label={t.backups.sighting} />
      </p>
    );
  const { findings, findingsInAll, contents } = seen;
  const rest = findings.slice(SHOWN);
  return (
    <>
      <div className="sighted">
        <p>
          <strong>{t.backups.sighted(findingsInAll, contents)}</strong>
        </p>
        <Names of={findings.slice(0, SHOWN)} />
        {rest.length > 0 && (
          <details>
            <summary>{t.backups.sightedMore(rest.length)}</summary>
            <Names of={rest} />
          </details>
        )}
        {findingsInAll > findings.length && (
          <p className="soft">{t.backups.sightedUntold(findingsInAll - findings.length)}</p>
        )}
        <p className="soft">{t.backups.sightedMeans}</p>
      </div>
      {children?.(seen)}
    </>
  );
}

function Names({ of }: { of: SightingShown['findings'] }) {
  return (
    <ul>
      {of.map(({ path, reason }) => (
        <li key={`${path} ${reason}`}>
          <code>{path}</code>
        </li>
      ))}
    </ul>
  );
}
