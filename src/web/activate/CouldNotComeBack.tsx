import { Link } from 'wouter';
import type { RestorabilityView } from '../../detect/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import { useNames } from '../feed/names.ts';
import { useFollowed, useNow } from '../feed/World.tsx';
import { Icon } from '../parts/Icon.tsx';
import { refusalWords } from '../parts/told.ts';
import { useMay } from '../people/requests.ts';
import { useWords } from '../words/Words.tsx';
import './couldNotComeBack.css';

/** Care functions told of one warning; the rest is counted. */
const CARE_SHOWN = 3;

/** No alarm: what nothing says would come back, were it lost tonight. Silent where there is none. */
export function CouldNotComeBack() {
  const { t } = useWords();
  const warnings = useFollowed('alarms')?.restorability ?? [];
  if (warnings.length === 0) return null;
  return (
    <section className="card could-not" aria-labelledby="could-not">
      <h2 id="could-not">{t.backups.warnings}</h2>
      <p className="soft">{t.backups.warningsMean}</p>
      <ul>
        {warnings.map((of) => (
          <Warning key={`${of.component} ${of.what}`} of={of} />
        ))}
      </ul>
    </section>
  );
}

function Warning({ of: { component, what, code, since, careFunctions } }: { of: RestorabilityView }) {
  const { t, say, language, reading } = useWords();
  const now = useNow();
  const may = useMay();
  const nameOf = useNames();
  const told = refusalWords(code, t);
  const why = entry(t.restore.failures, code) ?? entry(t.backups.judgeFailures, code) ?? told?.what;
  const more = careFunctions.length - CARE_SHOWN;
  const care = [
    ...careFunctions.slice(0, CARE_SHOWN).map(({ name }) => say(name)),
    ...(more > 0 ? [t.backups.warningMore(more)] : []),
  ];
  return (
    <li>
      <Icon name="unknown" />
      <div>
        <h3>{care.length === 0 ? t.backups.carriesNothing : format.list(care, language)}</h3>
        <p>
          <strong>{nameOf(component)}</strong>
          {t.parts.colon} {t.backups.warningOf[what]}, {format.when('since', since, now, reading)}.{' '}
          {why ?? t.parts.refused(code)}
        </p>
        <p className="soft">{told?.cure ?? t.backups.warningCures[what]}</p>
        {may('restoration.see') && (
          <Link href={`/restoration/backups#${encodeURIComponent(component)}`} className="no-print">
            {t.backups.warningOpen}
          </Link>
        )}
      </div>
    </li>
  );
}
