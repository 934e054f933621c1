import type { Json } from '../journal/event.ts';
import { documentHash } from '../journal/seal.ts';
import { withPlaces } from '../map/change/apply.ts';
import type { MapChange } from '../map/change/change.ts';
import { withShortIds } from '../map/change/short.ts';
import type { ChangeMap } from '../map/decide.ts';
import type { ColumnMapping } from '../map/events.ts';
import type { ImportMemory } from '../map/import/memory.ts';
import type { HospitalMap } from '../map/model.ts';

export interface ChangeSource {
  source: string;
  undoes?: number;
  import?: { from: string; memory: ImportMemory; mapping?: ColumnMapping };
}

/** The command that makes some changes of this map: references as it writes them, documents named by their hash. */
export function changeMap(map: HospitalMap, changes: readonly MapChange[], of: ChangeSource): ChangeMap {
  const document = plain(withPlaces(map, withShortIds(changes, map.establishment)));
  const { import: from, ...source } = of;
  const memory = from === undefined ? undefined : plain(from.memory);
  return {
    type: 'ChangeMap',
    ...source,
    changes: document,
    hash: documentHash(document as unknown as Json),
    ...(from === undefined || memory === undefined
      ? {}
      : { import: { ...from, memory, hash: documentHash(memory as unknown as Json) } }),
  };
}

/** Optional fields that are undefined are simply not there. */
const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));
