/** A what-if as its address says it: it can be sent to somebody, and printed. */
export interface Hypothesis {
  /** References: components, `site:ID`, `supplier:ID`. */
  stopped: readonly string[];
  /** Seconds after the loss; null: once every grace has run out. */
  afterSeconds: number | null;
  rest: 'asSeen' | 'up';
}

/** Null: nobody asks what if. */
export function hypothesisIn(params: URLSearchParams): Hypothesis | null {
  const stop = params.get('stop');
  if (stop === null) return null;
  const after = Number(params.get('after'));
  return {
    stopped: stop.split(',').filter((reference) => reference !== ''),
    afterSeconds: params.has('after') && Number.isInteger(after) && after >= 0 ? after : null,
    rest: params.get('rest') === 'up' ? 'up' : 'asSeen',
  };
}

/** The same address with this what-if, or with none. */
export function withHypothesis(params: URLSearchParams, hypothesis: Hypothesis | null): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const name of ['stop', 'after', 'rest']) next.delete(name);
  if (hypothesis === null) return next;
  next.set('stop', hypothesis.stopped.join(','));
  if (hypothesis.afterSeconds !== null) next.set('after', String(hypothesis.afterSeconds));
  if (hypothesis.rest === 'up') next.set('rest', 'up');
  return next;
}

/** The address of the what-if of these alone, all the rest being up. */
export const supposing = (...stopped: string[]): string =>
  withHypothesis(new URLSearchParams(), { stopped, afterSeconds: null, rest: 'up' }).toString();

export const toggled = (stopped: readonly string[], reference: string): string[] =>
  stopped.includes(reference) ? stopped.filter((one) => one !== reference) : [...stopped, reference];

const usualStops = [0, 900, 3_600, 28_800, 86_400];
const STOPS_MAX = 24;

/** Where the time slider stops: the usual lengths, and each instant at which a care function is lost. The last stop, after all of them, is null. */
export function stopsOf(lossesSeconds: readonly (number | null)[]): (number | null)[] {
  const losses = lossesSeconds.filter((seconds) => seconds !== null);
  const stops = [...new Set([...usualStops, ...losses])].sort((one, other) => one - other);
  const kept =
    stops.length <= STOPS_MAX
      ? stops
      : [...new Set([...usualStops, ...losses.slice(0, STOPS_MAX)])].sort((a, b) => a - b);
  return [...kept, null];
}
