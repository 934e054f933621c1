import type { RecoveryView } from '../../restore/views.ts';
import * as format from '../../words/format.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';

export function Isolation({ recovery, now }: { recovery: RecoveryView; now: number }) {
  const { t, reading } = useWords();
  const { room, isolation } = recovery;
  const escaped = isolation !== null && isolation.escaped > 0;
  return (
    <section className="card">
      <h2>{t.restore.room}</h2>
      {room === null ? (
        <p className="soft">{t.restore.roomNotOpen}</p>
      ) : (
        <p>{t.restore.roomOpen(format.when('at', room.openedAt, now, reading))}</p>
      )}
      {isolation === null ? (
        <p className="soft">{t.restore.isolationNotProved}</p>
      ) : (
        <p className="isolation" data-state={escaped ? 'gap' : 'isolated'}>
          <Icon name={escaped ? 'gap' : 'isolated'} />
          <span>
            <strong>{escaped ? t.restore.escaped(isolation.escaped) : t.restore.isolated(isolation.attempts)}</strong>
            <span className="soft"> {t.restore.provedAt(format.when('at', isolation.provedAt, now, reading))}</span>
          </span>
        </p>
      )}
    </section>
  );
}
