import { type Profiler, Session } from 'node:inspector';

/**
 * What of our own sources has run so far, from V8's precise block coverage of this thread.
 * Taking costs about half a millisecond whatever ran, so callers take once for many executions.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #ran = new Map<string, Uint8Array>();
  readonly #isOurs: (url: string) => boolean;

  constructor(isOurs: (url: string) => boolean) {
    this.#isOurs = isOurs;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How many characters of source ran for the first time since the last call, without noting them as seen. */
  fresh(): number {
    return this.#take(false);
  }

  /** The same, noted. */
  take(): number {
    return this.#take(true);
  }

  #take(noting: boolean): number {
    let scripts: Profiler.ScriptCoverage[] = [];
    // Answered before `post` returns: the session is in this thread.
    this.#session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error) throw error;
      scripts = taken.result;
    });
    let fresh = 0;
    for (const { url, functions } of scripts) {
      if (!this.#isOurs(url)) continue;
      fresh += this.#note(url, functions, noting);
    }
    return fresh;
  }

  /** By source URL, one byte per character: 1 where it ran. */
  ran(): Map<string, Uint8Array> {
    return this.#ran;
  }

  /** Functions and their spans come outermost first; an inner one that did not run is a hole in the outer one. */
  #note(url: string, functions: readonly Profiler.FunctionCoverage[], noting: boolean): number {
    const spans = functions.flatMap(({ ranges }) => ranges);
    const length = spans.reduce((end, span) => Math.max(end, span.endOffset), 0);
    const now = new Uint8Array(length);
    for (const { startOffset, endOffset, count } of spans) now.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    const known = this.#roomFor(url, length);
    let fresh = 0;
    for (let index = 0; index < length; index += 1) {
      if (now[index] !== 1 || known[index] !== 0) continue;
      fresh += 1;
      if (noting) known[index] = 1;
    }
    return fresh;
  }

  #roomFor(url: string, length: number): Uint8Array {
    const known = this.#ran.get(url) ?? new Uint8Array();
    if (known.length >= length) return known;
    const larger = new Uint8Array(Math.max(length, known.length * 2));
    larger.set(known);
    this.#ran.set(url, larger);
    return larger;
  }
}
