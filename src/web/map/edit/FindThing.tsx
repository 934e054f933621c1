import { useMemo } from 'react';
import { type Section, sections } from '../../../map/edit/views.ts';
import { Button } from '../../parts/Button.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useWords } from '../../words/Words.tsx';
import { Finder } from './fields/Finder.tsx';
import { thingsOf } from './fields/names.ts';
import { useMapDocument } from './requests.ts';
import { useEditing } from './useEditing.ts';

/** Opens the form of anything on the map by its name: sites, wards, suppliers and contracts are on no picture. */
export default function FindThing({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  const { data } = useMapDocument();
  const { edit } = useEditing();
  const map = data?.document ?? null;
  const among = useMemo(
    () =>
      map === null
        ? []
        : sections.flatMap((section) =>
            thingsOf(map, section).map(({ id, name }) => ({
              id: `${section} ${id}`,
              name,
              kind: t.mapEdit.kinds[section],
            })),
          ),
    [map, t],
  );
  return (
    <Panel title={t.mapEdit.editWhat} onClose={onClose}>
      <div className="edit-find">
        <Finder
          label={t.mapEdit.findAny}
          among={among}
          onChoose={(chosen) => {
            const [section = '', id = ''] = chosen.split(' ');
            if (isSection(section)) edit({ section, id });
          }}
        />
      </div>
      <div>
        <Button onClick={() => edit({ section: 'establishment', id: '' })}>{t.mapEdit.sections.establishment}</Button>
      </div>
    </Panel>
  );
}

const isSection = (name: string): name is Section => sections.some((one) => one === name);
