import type { MapChange } from '../change/change.ts';
import type { HospitalMap } from '../model.ts';

/** A link only proposed becomes one that counts, confirmed; or goes. */
export function settledLink(
  map: HospitalMap,
  { section, id, need }: { section: 'careFunctions' | 'components'; id: string; need: string },
  confirmed: { by: string; on: string } | null,
): MapChange[] {
  const from = map[section].find((thing) => thing.id === id);
  const link = from?.proposed?.find((one) => one.need === need);
  if (from === undefined || link === undefined) return [];
  const { proposed = [], needs, ...rest } = from;
  const left = proposed.filter((one) => one !== link);
  const { because: _because, ...written } = link;
  const leaf = confirmed === null ? null : { ...written, confirmed };
  const after =
    leaf === null ? needs : needs === undefined ? leaf : { all: 'all' in needs ? [...needs.all, leaf] : [needs, leaf] };
  const to = {
    ...rest,
    ...(after === undefined ? {} : { needs: after }),
    ...(left.length === 0 ? {} : { proposed: left }),
  };
  // Both are of this section.
  return [{ section, id, from, to } as MapChange];
}
