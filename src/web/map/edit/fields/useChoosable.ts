import { useMemo } from 'react';
import type { Section } from '../../../../map/edit/views.ts';
import { useWords } from '../../../words/Words.tsx';
import { useWriting } from './draft.ts';
import { type Choosable, thingsOf } from './names.ts';

/** What of a section may be chosen: all of it but what is chosen already, and the thing itself. */
export function useChoosable(of: Section | 'needed', without: readonly string[]): Choosable[] {
  const { map } = useWriting();
  const { t } = useWords();
  const key = without.join(' ');
  return useMemo(() => {
    const taken = new Set(key.split(' '));
    const kinds = new Map(map.components.map(({ id, kind }) => [id, t.map.kinds[kind]]));
    const sections: Section[] = of === 'needed' ? ['components', 'careFunctions'] : [of];
    return sections.flatMap((section) =>
      thingsOf(map, section)
        .filter(({ id }) => !taken.has(id))
        .map(({ id, name }) => ({
          id,
          name,
          kind: section === 'components' ? (kinds.get(id) ?? '') : t.mapEdit.kinds[section],
        })),
    );
  }, [map, of, key, t]);
}
