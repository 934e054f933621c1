import type { BoardView } from '../care.ts';
import type { CompiledMap } from '../compile.ts';
import type { CareOverTime } from './overTime.ts';
import type { WardCare } from './wardCare.ts';
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

/** Wards whose holds end within this time fall together: nobody confirms on the same millisecond. */
const togetherMs = 60_000;

function candidatesOf(map: CompiledMap, { care, wards }: CareOverTime, now: number): Candidate[] {
  const candidate = (
    instant: number,
    certain: boolean,
    already: boolean,
    concerned: readonly WardCare[],
  ): Candidate => {
    const beds = concerned.flatMap(({ ward }) => map.wards.get(ward)?.beds ?? []);
    const gap = {
      careFunction: care.id,
      name: care.name,
      at: new Date(instant).toISOString(),
      already,
      certain,
      wards: concerned.length,
      beds: beds.length === 0 ? null : beds.reduce((sum, count) => sum + count, 0),
    };
    return { tier: care.tier, instant, gap };
  };
  for (const state of ['gap', 'toConfirm'] as const) {
    const concerned = wards.filter(({ timeline }) => stateIn(timeline, now) === state);
    if (concerned.length === 0) continue;
    const since = concerned.map(({ timeline }) => timeline.at.findLast((at) => at <= now) ?? now);
    return [candidate(Math.min(...since), state === 'gap', true, concerned)];
  }
  const falls = wards.flatMap((ward) =>
    ward.timeline.at.flatMap((at, i) => {
      const state = ward.timeline.state[i];
      return at > now && (state === 'gap' || state === 'toConfirm') ? [{ at, state, ward }] : [];
    }),
  );
  const first = Math.min(...falls.map(({ at }) => at));
  const together = falls.filter(({ at }) => at < first + togetherMs);
  const state = together.some((fall) => fall.state === 'gap') ? 'gap' : 'toConfirm';
  const same = together.filter((fall) => fall.state === state);
  if (same.length === 0) return [];
  const earliest = Math.min(...same.map(({ at }) => at));
  return [candidate(earliest, state === 'gap', false, [...new Set(same.map(({ ward }) => ward))])];
}
