import { useMemo, useState } from 'react';
import { type Named, removalOf, type Section } from '../../../map/edit/views.ts';
import type { HospitalMap } from '../../../map/model.ts';
import { refusalOf } from '../../access/requests.ts';
import { Button } from '../../parts/Button.tsx';
import { HoldButton } from '../../parts/HoldButton.tsx';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { nameOf } from './fields/names.ts';
import { useMapChange } from './requests.ts';
import { useEditing } from './useEditing.ts';

/** More are counted, not listed. */
const LISTED_MAX = 12;

/** Says what hangs on a thing before it is taken off the map; where something does, the press is held. */
export function Removal({
  map,
  section,
  id,
  name,
  onClose,
}: {
  map: HospitalMap;
  section: Section;
  id: string;
  name: string;
  onClose(): void;
}) {
  const { t } = useWords();
  const { done } = useEditing();
  const [asking, ask] = useState(false);
  const remove = useMapChange();
  const removal = useMemo(() => (asking ? removalOf(map, section, id) : null), [asking, map, section, id]);
  const act = () =>
    removal !== null &&
    remove.mutate(removal.changes, {
      onSuccess: ({ sequence }) => {
        done({ sequence, name, was: 'removed' });
        onClose();
      },
    });
  if (removal === null) {
    return (
      <Button look="quiet" size="small" className="edit-remove-thing" onClick={() => ask(true)}>
        {t.mapEdit.remove}
      </Button>
    );
  }
  const isBlocked = removal.blockedBy.length > 0;
  return (
    <section className="edit-removal" aria-label={t.mapEdit.remove}>
      <p className="refusal-what">{t.mapEdit.removeSure(name)}</p>
      {isBlocked ? (
        <Listed lead={t.mapEdit.removeBlocked} things={removal.blockedBy} map={map} />
      ) : removal.hangs.length > 0 ? (
        <Listed lead={t.mapEdit.removeHangs} things={removal.hangs} map={map} />
      ) : (
        <p>{t.mapEdit.removeNothing}</p>
      )}
      {remove.isError && <RefusalNote refusal={refusalOf(remove.error)} />}
      <div className="edit-acts">
        {!isBlocked && removal.hangs.length > 0 && (
          <HoldButton look="plain" onHeld={act} disabled={remove.isPending}>
            {t.mapEdit.removeYes}
          </HoldButton>
        )}
        {removal.hangs.length === 0 && (
          <Button disabled={remove.isPending} onClick={act}>
            {t.mapEdit.removeYes}
          </Button>
        )}
        <Button look="quiet" onClick={() => ask(false)}>
          {t.mapEdit.keep}
        </Button>
      </div>
    </section>
  );
}

function Listed({ lead, things, map }: { lead: string; things: readonly Named[]; map: HospitalMap }) {
  const { t, say } = useWords();
  return (
    <>
      <p>{lead}</p>
      <ul className="edit-hangs">
        {things.slice(0, LISTED_MAX).map(({ section, id }) => (
          <li key={`${section} ${id}`}>
            {say(nameOf(map, id, [section]))} <span className="soft">{t.mapEdit.kinds[section]}</span>
          </li>
        ))}
        {things.length > LISTED_MAX && <li className="soft">+ {things.length - LISTED_MAX}</li>}
      </ul>
    </>
  );
}
