import { sharedWithReflexe } from '../../map/firstHour/views.ts';
import type { HospitalMap } from '../../map/model.ts';
import * as format from '../../words/format.ts';
import { nameOf } from '../map/edit/fields/names.ts';
import { useMapDocument } from '../map/edit/requests.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/Words.tsx';
import './shared.css';

/** The same on the map screen, folded: the picture keeps its place. */
export function SharedOnMap() {
  const { t } = useWords();
  const { data } = useMapDocument();
  const map = data?.document ?? null;
  if (map === null || sharedWithReflexe(map).length === 0) return null;
  return (
    <details className="shared-fold no-print">
      <summary>
        <Icon name="gap" />
        <span>{t.start.shared}</span>
      </summary>
      <Shared map={map} />
    </details>
  );
}

/** Red where Reflexe rests on what it watches: both would fall together. */
export function Shared({ map }: { map: HospitalMap }) {
  const { t, say, language } = useWords();
  const shared = sharedWithReflexe(map);
  if (shared.length === 0) return null;
  return (
    <section className="refusal start-shared" aria-label={t.start.shared}>
      <Icon name="gap" />
      <div>
        <p className="refusal-what">{t.start.shared}</p>
        <ul>
          {shared.map(({ component, careFunctions, isOnlyProposed }) => (
            <li key={component}>
              {t.start.sharedOn(
                say(nameOf(map, component)),
                format.list(
                  careFunctions.map((id) => say(nameOf(map, id))),
                  language,
                ),
              )}
              {isOnlyProposed && <span className="soft"> ({t.start.sharedProposed})</span>}
            </li>
          ))}
        </ul>
        <p>{t.start.sharedCure}</p>
      </div>
    </section>
  );
}
