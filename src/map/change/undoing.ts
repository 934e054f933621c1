import type { HospitalMap } from '../model.ts';
import { type MapChange, undone } from './change.ts';

/** What takes some changes back on today's map. A thing whose neighbour is gone since comes last. */
export function undoing(map: HospitalMap, changes: readonly MapChange[]): MapChange[] {
  const back = undone(changes);
  const there = new Set<string>();
  for (const change of back) {
    if (change.section === 'establishment' || typeof change.place?.to !== 'string') continue;
    for (const { id } of map[change.section]) there.add(`${change.section} ${id}`);
  }
  const gone = ({ section, place }: Extract<MapChange, { place?: unknown }>) =>
    typeof place?.to === 'string' && !there.has(`${section} ${place.to}`);
  return back.map((change): MapChange => {
    if (change.section === 'establishment') return change;
    const missing = gone(change);
    if (change.to === null) there.delete(`${change.section} ${change.id}`);
    else there.add(`${change.section} ${change.id}`);
    return missing ? { ...change, place: { ...change.place, to: null } } : change;
  });
}
