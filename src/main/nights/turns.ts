import { type Result, refuse } from '../../journal/result.ts';
import type { Work } from '../../restore/ports.ts';
import { brokenBy } from '../brokenBy.ts';

/** Each opens the repository: its disk is also what restores. */
const AT_ONCE_MAX = 2;
/** The door closes a connection on which nothing moves for a minute. */
const MILLISECONDS_MAX = 50_000;

/** Looks of people into the backups: few at once, and none that lasts. */
export class Turns {
  readonly #stop = new AbortController();
  readonly #inHand = new Set<Promise<unknown>>();

  async take<Value>(
    signal: AbortSignal,
    where: string,
    doing: (work: Work) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    if (this.#inHand.size >= AT_ONCE_MAX)
      return refuse('backup-desk-busy', 'Others are looking into the backups.', {
        expected: `${AT_ONCE_MAX} looks at once, at most`,
        cure: 'Ask again in a few seconds.',
        retryable: true,
      });
    const late = AbortSignal.timeout(MILLISECONDS_MAX);
    const work: Work = { signal: AbortSignal.any([this.#stop.signal, signal, late]), progress: () => undefined };
    const done = doing(work).catch((error: unknown) => brokenBy(error, where));
    this.#inHand.add(done);
    try {
      const answer = await done;
      return !answer.ok && late.aborted ? tooSlow(where) : answer;
    } finally {
      this.#inHand.delete(done);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#inHand);
  }
}

const tooSlow = (where: string) =>
  refuse('backup-too-slow', 'The backup took too long to answer.', {
    where,
    expected: `${MILLISECONDS_MAX / 1000} seconds at most`,
    kept: 'Nothing left the backup.',
    cure: 'Ask again, or use the command line: reflexe restore ls, reflexe restore extract.',
    retryable: true,
  });
