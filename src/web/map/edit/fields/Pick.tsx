import type { Section } from '../../../../map/edit/views.ts';
import { Icon } from '../../../parts/Icon.tsx';
import { useWords } from '../../../words/Words.tsx';
import { idsAt, textAt, useWriting } from './draft.ts';
import { Finder } from './Finder.tsx';
import { nameOf } from './names.ts';
import { type FieldName, Row } from './Plain.tsx';
import { useChoosable } from './useChoosable.ts';

interface Picking {
  at: string;
  name: FieldName;
  of: Section;
  hint?: string;
}

/** One thing of the map, or none. */
export function Pick({ at, name, of, hint }: Picking) {
  const { draft, set } = useWriting();
  const id = textAt(draft, at);
  return (
    <Chosen
      {...{ at, name, of, ...(hint === undefined ? {} : { hint }) }}
      ids={id === '' ? [] : [id]}
      onChange={([next]) => set(at, next)}
      single
    />
  );
}

/** Several things of the map. */
export function PickMany({ at, name, of, hint, offersAll = false }: Picking & { offersAll?: boolean }) {
  const { draft, set, map } = useWriting();
  const { t } = useWords();
  const ids = idsAt(draft, at);
  const all = map[of].map(({ id }) => id);
  return (
    <>
      <Chosen
        {...{ at, name, of, ...(hint === undefined ? {} : { hint }) }}
        ids={ids}
        onChange={(next) => set(at, next)}
      />
      {offersAll && ids.length < all.length && (
        <button type="button" className="edit-link" onClick={() => set(at, all)}>
          {t.mapEdit.everyone}
        </button>
      )}
    </>
  );
}

function Chosen({
  at,
  name,
  of,
  hint,
  ids,
  onChange,
  single = false,
}: Picking & { ids: readonly string[]; onChange(ids: string[]): void; single?: boolean }) {
  const { t, say } = useWords();
  const { map, draft } = useWriting();
  const among = useChoosable(of, [...ids, textAt(draft, 'id')]);
  const label = t.mapEdit.fields[name];
  return (
    <Row at={at} name={name} hint={hint} isOwn>
      {() => (
        <div className="edit-picks">
          {ids.length > 0 && (
            <ul>
              {ids.map((id) => {
                const named = say(nameOf(map, id, [of]));
                return (
                  <li key={id}>
                    <span>{named}</span>
                    <button
                      type="button"
                      aria-label={t.mapEdit.take(named)}
                      onClick={() => onChange(ids.filter((one) => one !== id))}
                    >
                      <Icon name="close" />
                    </button>
                  </li>
                );
              })}
            </ul>
          )}
          {among.length === 0 && ids.length === 0 && <p className="soft">{t.mapEdit.none}</p>}
          {among.length > 0 && (!single || ids.length === 0) && (
            <Finder label={t.mapEdit.find(label)} among={among} onChoose={(id) => onChange([...ids, id])} />
          )}
        </div>
      )}
    </Row>
  );
}
