import type { Operation } from 'rfc6902';
import type { Refusal } from '../journal/result.ts';
import type { ServerLimits } from './limits.ts';
import { patchOf } from './patch.ts';
import type { FeedMessage } from './protocol.ts';

/** A message as it goes out, encoded once for everyone, and its place among the messages of its world. */
export interface Kept {
  number: number;
  data: Buffer;
}

export interface ViewFeedParts {
  name: string;
  compute(): unknown;
  isFollowed(): boolean;
  nextNumber(): number;
  deliver(kept: Kept): void;
  /** Answers the id under which the failure was logged. */
  onFailure(error: unknown): string;
  now(): number;
  limits: ServerLimits;
}

export const encoded = (message: FeedMessage): Buffer => Buffer.from(`data: ${JSON.stringify(message)}\n\n`);

/**
 * One view, computed once and fanned out: numbered versions, and what those who come back may have missed.
 * Computed only while someone looks, one computation at a time, always after the newest event.
 */
export class ViewFeed {
  readonly #parts: ViewFeedParts;
  #version = 0;
  #text: string | undefined;
  #value: unknown;
  #stale: { since: string; refusal: Refusal } | undefined;
  #isDirty = true;
  #computedAt = Number.NEGATIVE_INFINITY;
  #scheduled: (() => void) | undefined;
  #kept: Kept[] = [];
  #keptBytes = 0;
  /** Everything later than this number is kept. */
  #keptAfter = 0;
  #snapshot: Buffer | undefined;

  constructor(parts: ViewFeedParts) {
    this.#parts = parts;
  }

  /** Something happened: computes soon if anyone looks, otherwise when someone does. */
  changed(): void {
    this.#isDirty = true;
    if (this.#scheduled || !this.#parts.isFollowed()) return;
    const run = () => {
      this.#scheduled = undefined;
      if (this.#parts.isFollowed()) this.refresh();
    };
    const wait = this.#computedAt + this.#parts.limits.viewPauseMilliseconds - performance.now();
    // Not now: the rest of a burst of events may follow in this very turn.
    if (wait <= 0) {
      const soon = setImmediate(run);
      this.#scheduled = () => clearImmediate(soon);
    } else {
      const later = setTimeout(run, wait);
      this.#scheduled = () => clearTimeout(later);
    }
  }

  /** Brings the view up to the newest event. */
  refresh(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    try {
      const text = JSON.stringify(this.#parts.compute());
      if (text === undefined) throw new TypeError(`view ${this.#parts.name} is not plain data`);
      this.#accept(text);
    } catch (error) {
      this.#freeze(error);
    }
    this.#computedAt = performance.now();
  }

  /** What was published after `number`, or undefined where that is no longer known. */
  since(number: number): readonly Kept[] | undefined {
    return number < this.#keptAfter ? undefined : this.#kept.filter((kept) => kept.number > number);
  }

  /** The view as it stands, for who knows nothing of it. */
  whole(): Buffer[] {
    const whole: Buffer[] = [];
    if (this.#text !== undefined) {
      this.#snapshot ??= Buffer.from(snapshotText(this.#parts.name, this.#version, this.#text));
      whole.push(this.#snapshot);
    }
    if (this.#stale) whole.push(encoded(this.#staleMessage(this.#stale)));
    return whole;
  }

  close(): void {
    this.#scheduled?.();
    this.#scheduled = undefined;
  }

  #accept(text: string): void {
    const value: unknown = JSON.parse(text);
    const patch = this.#text === undefined || text === this.#text ? [] : patchOf(this.#value, value);
    const isSame = this.#text !== undefined && patch.length === 0;
    if (isSame && !this.#stale) return;
    const isFirst = this.#text === undefined;
    this.#version += 1;
    this.#text = text;
    this.#value = value;
    this.#stale = undefined;
    this.#snapshot = undefined;
    const view = this.#parts.name;
    const asPatch = encoded({ kind: 'patch', view, version: this.#version, patch });
    if (isFirst || !isApplicable(patch) || asPatch.length > text.length + 100) {
      this.#publish(Buffer.from(snapshotText(view, this.#version, text)));
    } else this.#publish(asPatch);
  }

  #freeze(error: unknown): void {
    const id = this.#parts.onFailure(error);
    if (this.#stale) return;
    const refusal: Refusal = {
      code: 'view-stale',
      message: `The view "${this.#parts.name}" could not be computed.`,
      where: this.#parts.name,
      kept: 'What it showed before, and every other view.',
      cure: `It comes back by itself once it can be computed. The log of Reflexe says why under ${id}.`,
      retryable: true,
    };
    this.#stale = { since: new Date(this.#parts.now()).toISOString(), refusal };
    this.#publish(encoded(this.#staleMessage(this.#stale)));
  }

  #staleMessage(stale: { since: string; refusal: Refusal }): FeedMessage {
    return { kind: 'stale', view: this.#parts.name, version: this.#version, ...stale };
  }

  #publish(data: Buffer): void {
    const kept = { number: this.#parts.nextNumber(), data };
    this.#kept.push(kept);
    this.#keptBytes += data.length;
    const { keptMessages, keptBytes } = this.#parts.limits;
    while (this.#kept.length > keptMessages || this.#keptBytes > keptBytes) {
      const oldest = this.#kept.shift();
      if (!oldest) break;
      this.#keptBytes -= oldest.data.length;
      this.#keptAfter = oldest.number;
    }
    this.#parts.deliver(kept);
  }
}

const snapshotText = (view: string, version: number, text: string): string =>
  `data: {"kind":"snapshot","view":${JSON.stringify(view)},"version":${version},"value":${text}}\n\n`;

/** A client's patch library can neither replace the whole document nor walk through names a prototype answers to. */
const isApplicable = (patch: readonly Operation[]): boolean =>
  patch.every(({ path }) => path !== '' && !/\/(__proto__|constructor|prototype)(\/|$)/.test(path));
