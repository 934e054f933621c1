import { better, type Level } from './level.ts';

/** A level over time: `level[i]` holds from `at[i]` (ms, inclusive) to `at[i + 1]`; `at[0]` is always -Infinity. */
export interface Signal {
  readonly at: readonly number[];
  readonly level: readonly Level[];
}

const always = [Number.NEGATIVE_INFINITY] as const;

export const constant = (value: Level): Signal => ({ at: always, level: [value] });

export const sameSignal = (a: Signal, b: Signal | undefined): boolean =>
  b !== undefined && a.at.length === b.at.length && a.at.every((at, i) => at === b.at[i] && a.level[i] === b.level[i]);

/** Index of the step that holds at `instant`. */
function stepAt(at: readonly number[], instant: number): number {
  let left = 0;
  let right = at.length - 1;
  while (left < right) {
    const middle = (left + right + 1) >> 1;
    if ((at[middle] ?? 0) <= instant) left = middle;
    else right = middle - 1;
  }
  return left;
}

export function levelAt(signal: Signal, instant: number): Level {
  return signal.level[signal.at.length === 1 ? 0 : stepAt(signal.at, instant)] ?? 0;
}

/** Steps in time order, equal neighbours joined. */
export class SignalBuilder {
  readonly #at: number[] = [];
  readonly #level: Level[] = [];

  push(at: number, value: Level): void {
    if (this.#at.at(-1) === at) {
      this.#at.pop();
      this.#level.pop();
    }
    if (this.#level.at(-1) === value) return;
    this.#at.push(this.#at.length === 0 ? Number.NEGATIVE_INFINITY : at);
    this.#level.push(value);
  }

  done(): Signal {
    return { at: this.#at, level: this.#level };
  }
}

/** All instants at which one of the signals changes, in order, once each. */
export function changesOf(signals: readonly Signal[]): number[] {
  const instants: number[] = [];
  for (const { at } of signals) for (let i = 1; i < at.length; i += 1) instants.push(at[i] ?? 0);
  if (instants.length < 2) return instants;
  instants.sort((a, b) => a - b);
  return instants.filter((instant, i) => instant !== instants[i - 1]);
}

/** Combines signals instant by instant. `combine` must not keep the array it is given. */
export function pointwise(signals: readonly Signal[], combine: (levels: readonly Level[]) => Level): Signal {
  const steps = signals.map(() => 0);
  const levels = signals.map((signal) => signal.level[0] ?? 0);
  const out = new SignalBuilder();
  out.push(Number.NEGATIVE_INFINITY, combine(levels));
  for (const instant of changesOf(signals)) {
    signals.forEach((signal, i) => {
      let step = steps[i] ?? 0;
      while (step + 1 < signal.at.length && (signal.at[step + 1] ?? 0) <= instant) step += 1;
      steps[i] = step;
      levels[i] = signal.level[step] ?? 0;
    });
    out.push(instant, combine(levels));
  }
  return out.done();
}

/**
 * What a need with a grace sees: at each instant the best of the last `graceMs`, so that a loss is felt only once the
 * grace has run out (exactly then), and a return at once.
 */
export function carried(signal: Signal, graceMs: number): Signal {
  if (graceMs <= 0 || signal.at.length === 1) return signal;
  const instants = new Set<number>();
  for (let i = 1; i < signal.at.length; i += 1) instants.add(signal.at[i] ?? 0).add((signal.at[i] ?? 0) + graceMs);
  const out = new SignalBuilder();
  out.push(Number.NEGATIVE_INFINITY, signal.level[0] ?? 0);
  let oldest = 0;
  let newest = 0;
  for (const instant of [...instants].sort((a, b) => a - b)) {
    while (newest + 1 < signal.at.length && (signal.at[newest + 1] ?? 0) <= instant) newest += 1;
    while (oldest < newest && (signal.at[oldest + 1] ?? 0) + graceMs <= instant) oldest += 1;
    let best = signal.level[oldest] ?? 0;
    for (let i = oldest + 1; i <= newest; i += 1) best = better(best, signal.level[i] ?? 0);
    out.push(instant, best);
  }
  return out.done();
}
