import type { DeclaredCheck } from '../../detect/checks.ts';
import { unanswered } from '../../detect/conditions.ts';
import type { Finding } from '../../detect/observation.ts';
import type { Check, CheckEdge } from '../../detect/ports.ts';

/** Turns a declared check into one that is dated, limited in time, and never rejects, whatever its kind does. */
export function limitedCheck(declared: DeclaredCheck<CheckEdge>, edge: CheckEdge): Check {
  const { id, component, timeoutMilliseconds } = declared;
  const ask = declared.ask(edge);
  const { clock } = edge;
  return {
    id,
    component,
    async run(signal) {
      const at = clock.now();
      const from = clock.monotonic();
      const found = await within(ask, timeoutMilliseconds, edge, signal);
      return { ...found, check: id, component, at, milliseconds: Math.max(0, Math.round(clock.monotonic() - from)) };
    },
  };
}

async function within(
  ask: (signal: AbortSignal) => Promise<Finding>,
  limit: number,
  { clock }: CheckEdge,
  stop: AbortSignal,
): Promise<Finding> {
  if (stop.aborted) return stopped;
  const over = new AbortController();
  const both = AbortSignal.any([stop, over.signal]);
  const asked = Promise.resolve()
    .then(() => ask(both))
    // The message is not told: what a library says of a failure may quote a secret.
    .catch((error: unknown) => unanswered('noAnswer', 'check-error', error instanceof Error ? error.name : 'error'));
  let late = false;
  const limited = clock.sleepUntil(clock.now() + limit, both).then(() => {
    late = !both.aborted;
  });
  const found = await Promise.race([asked, limited]);
  // Ends the timer, and whatever the check still holds open.
  over.abort();
  if (stop.aborted) return stopped;
  return found === undefined || late ? unanswered('fail', 'timeout', `no answer within ${limit} ms`) : found;
}

const stopped = unanswered('noAnswer', 'stopped', 'the check was stopped before its answer');
