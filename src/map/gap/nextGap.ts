import type { BoardView, CareState } from '../care.ts';
import type { CompiledMap } from '../compile.ts';
import type { CareOverTime } from './overTime.ts';
import { stateIn } from './worst.ts';

/** A more vital function about to fall leads over a lesser one already in the gap, when it falls within this time. */
const imminentMinutes = 60;

type NextGap = NonNullable<BoardView['nextGap']>;
interface Candidate {
  tier: number;
  gap: NextGap;
  instant: number;
}

/**
 * What the Board leads with: the care function already in a gap, most vital tier first, longest first; else the next to
 * fall on what is known now. Where only a ward's word is missing it is said so (`certain: false`).
 */
export function nextGap(map: CompiledMap, functions: readonly CareOverTime[], now: number): NextGap | null {
  const candidates = functions.flatMap((one) => candidatesOf(map, one, now));
  const byTime = (a: Candidate, b: Candidate) => a.instant - b.instant || a.tier - b.tier;
  const byTier = (a: Candidate, b: Candidate) => a.tier - b.tier || a.instant - b.instant;
  const [already] = candidates.filter(({ gap }) => gap.already && gap.certain).toSorted(byTier);
  const [waiting] = candidates.filter(({ gap }) => gap.already && !gap.certain).toSorted(byTier);
  const [coming] = candidates.filter(({ gap }) => !gap.already).toSorted(byTime);
  if (already === undefined) return (waiting ?? coming)?.gap ?? null;
  const [imminent] = candidates
    .filter(({ instant, tier }) => tier < already.tier && instant <= now + imminentMinutes * 60_000)
    .toSorted(byTier);
  return (imminent ?? already).gap;
}

function candidatesOf(map: CompiledMap, one: CareOverTime, now: number): Candidate[] {
  const { care, wards } = one;
  const candidate = (instant: number, state: CareState, already: boolean): Candidate => {
    const concerned = wards.filter(({ timeline }) => stateIn(timeline, instant) === state);
    const beds = concerned.flatMap(({ ward }) => map.wards.get(ward)?.beds ?? []);
    const since = already
      ? Math.min(...concerned.map(({ timeline }) => timeline.at.findLast((at) => at <= now) ?? now))
      : instant;
    const gap = {
      careFunction: care.id,
      name: care.name,
      at: new Date(since).toISOString(),
      already,
      certain: state === 'gap',
      wards: concerned.length,
      beds: beds.length === 0 ? null : beds.reduce((sum, count) => sum + count, 0),
    };
    return { tier: care.tier, instant: since, gap };
  };
  for (const state of ['gap', 'toConfirm'] as const) {
    if (wards.some(({ timeline }) => stateIn(timeline, now) === state)) return [candidate(now, state, true)];
  }
  const falls = wards.flatMap(({ timeline }) =>
    timeline.at.flatMap((at, i) => {
      const state = timeline.state[i];
      return at > now && (state === 'gap' || state === 'toConfirm') ? [{ at, state }] : [];
    }),
  );
  const [first] = falls.toSorted((a, b) => a.at - b.at || (a.state === 'gap' ? -1 : 1));
  return first === undefined ? [] : [candidate(first.at, first.state, false)];
}
