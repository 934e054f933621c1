import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';
import { nightStates } from './nightState.ts';

export function Legend() {
  const { t } = useWords();
  return (
    <ul className="strip-legend" aria-label={t.backups.legend}>
      {nightStates.map((state) => (
        <li key={state} className="strip-key" data-night={state}>
          <span className="strip-bar" aria-hidden="true" style={{ '--height': 1 }} />
          {t.backups.states[state]}
        </li>
      ))}
      <li>
        <span className="strip-last" aria-hidden="true" /> {t.backups.legendLast}
      </li>
      <li>
        <Icon name="check" /> {t.backups.legendProved}
      </li>
      <li>
        <span className="strip-key-missing" aria-hidden="true" /> {t.backups.legendMissing}
      </li>
      <li className="soft">{t.backups.legendSize}</li>
      <li className="soft">{t.backups.legendChange}</li>
    </ul>
  );
}
