import { bySeverity, type CareState } from '../care.ts';
import type { Timeline } from './wardCare.ts';

export function worst(states: Iterable<CareState>): CareState {
  let found: CareState = 'notNeeded';
  for (const state of states) if (bySeverity(state, found) < 0) found = state;
  return found;
}

export function stateIn(timeline: Timeline, instant: number): CareState {
  const step = timeline.at.findLastIndex((at) => at <= instant);
  return timeline.state[Math.max(0, step)] ?? 'unknown';
}

/** The worst of several timelines at each instant. */
export function worstOf(timelines: readonly Timeline[]): Timeline {
  const steps = timelines.map(() => 0);
  const at: number[] = [];
  const state: CareState[] = [];
  for (const instant of [...new Set(timelines.flatMap((timeline) => timeline.at))].sort((a, b) => a - b)) {
    const states = timelines.map((timeline, i): CareState => {
      let step = steps[i] ?? 0;
      while ((timeline.at[step + 1] ?? Number.POSITIVE_INFINITY) <= instant) step += 1;
      steps[i] = step;
      return timeline.state[step] ?? 'unknown';
    });
    const now = worst(states);
    if (now === state.at(-1)) continue;
    at.push(instant);
    state.push(now);
  }
  return { at, state };
}
