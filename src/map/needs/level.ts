import type { ComponentState, Supply } from '../model.ts';

/**
 * What is known of a supply, as a range between 0 (lost), 1 (partly) and 2 (served), packed as `low * 3 + high`.
 * A range rather than a word, so that a need with one known and one unknown side keeps what is known:
 * at least one of (up, unknown) is served whatever the unknown turns out to be; one of (down, unknown) stays unknown.
 */
export type Level = number;

export const level = (low: number, high: number): Level => low * 3 + high;
export const low = (value: Level): number => (value / 3) | 0;
export const high = (value: Level): number => value % 3;

export const lost = level(0, 0);
export const partly = level(1, 1);
export const served = level(2, 2);
export const unknown = level(0, 2);

export const isLost = (value: Level): boolean => value === lost;
/** Available at least in part, whatever the unknown turns out to be. */
export const isAvailable = (value: Level): boolean => low(value) > 0;

/** Isolated and restoring are not available to care, whatever they hold. */
export function levelOfState(state: ComponentState): Level {
  switch (state) {
    case 'up':
      return served;
    case 'degraded':
      return partly;
    case 'unknown':
      return unknown;
    case 'down':
    case 'isolated':
    case 'restoring':
      return lost;
  }
}

/** Known to be there in part but perhaps not whole reads as partly: never better than what is sure. */
export function supplyOf(value: Level): Supply {
  if (value === served) return 'served';
  if (low(value) > 0) return 'partly';
  return high(value) === 0 ? 'lost' : 'unknown';
}

/** The `k`-th best of the levels: `all` is k = their number, `any` is k = 1. */
export function atLeast(k: number, levels: readonly Level[]): Level {
  let sureWhole = 0;
  let surePart = 0;
  let perhapsWhole = 0;
  let perhapsPart = 0;
  for (const value of levels) {
    if (low(value) === 2) sureWhole += 1;
    if (low(value) >= 1) surePart += 1;
    if (high(value) === 2) perhapsWhole += 1;
    if (high(value) >= 1) perhapsPart += 1;
  }
  const best = (whole: number, part: number) => (whole >= k ? 2 : part >= k ? 1 : 0);
  return level(best(sureWhole, surePart), best(perhapsWhole, perhapsPart));
}

/**
 * A component with a state of its own, under what its needs allow. Seen up, it proves that the needs nobody watches are
 * met; known to be lost, a need takes it down whatever its last check said.
 */
export function underNeeds(own: Level, needs: Level): Level {
  return level(Math.min(low(own), high(needs)), Math.min(high(own), high(needs)));
}

/** The better of two instants' levels: what a grace carries over. */
export function better(a: Level, b: Level): Level {
  return level(Math.max(low(a), low(b)), Math.max(high(a), high(b)));
}
