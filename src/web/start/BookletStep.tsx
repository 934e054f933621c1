import { bookletLacks } from '../../map/firstHour/views.ts';
import type { HospitalMap } from '../../map/model.ts';
import { BookletLink } from '../map/edit/Buttons.tsx';
import { useWords } from '../words/Words.tsx';
import { Shared } from './Shared.tsx';

/** The booklet as it stands, and what it will still mark as confirmed by nobody. */
export function BookletStep({ map }: { map: HospitalMap }) {
  const { t } = useWords();
  const lacks = bookletLacks(map);
  const left = (['withoutCall', 'withoutHold', 'functions', 'links'] as const).filter((what) => lacks[what] > 0);
  if (map.careFunctions.length === 0) return <p>{t.start.bookletEmpty}</p>;
  return (
    <>
      <p className="soft">{t.start.bookletLead}</p>
      {left.length === 0 ? (
        <p>{t.start.bookletWhole}</p>
      ) : (
        <div className="start-lacks">
          <h3>{t.start.bookletLacks}</h3>
          <ul>
            {left.map((what) => (
              <li key={what}>{t.start.lacks[what](lacks[what])}</li>
            ))}
          </ul>
        </div>
      )}
      <Shared map={map} />
      <div>
        <BookletLink look="main" />
      </div>
    </>
  );
}
