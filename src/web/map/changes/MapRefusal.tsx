import type { Refusal } from '../../../journal/result.ts';
import { entry } from '../../../words/entry.ts';
import { RefusalNote } from '../../parts/RefusalNote.tsx';
import { useWords } from '../../words/Words.tsx';
import { useThingNames } from './values.ts';

/** Why the map was not changed: the thing it is about by its name, as people know it. */
export function MapRefusal({
  refusal,
  onRetry,
  nameOf,
}: {
  refusal: Refusal;
  onRetry?: () => void;
  nameOf?: (id: string) => string;
}) {
  const { t } = useWords();
  const names = useThingNames();
  const word = (part: string): string => entry(t.mapChanges.thing, part) ?? (nameOf ?? names)(part);
  const { where, ...rest } = refusal;
  const said = where?.split(' ').map(word).join(' ');
  return (
    <RefusalNote refusal={said === undefined ? rest : { ...rest, where: said }} {...(onRetry ? { onRetry } : {})} />
  );
}
