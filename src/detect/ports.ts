import type { Result } from '../journal/result.ts';
import type { Observation } from './observation.ts';

/**
 * One question asked again and again of one component.
 * Contract (held by `check.contract.ts` for every kind):
 * - `run` never rejects: whatever happens outside is an observation;
 * - it answers within the check's own limit, and at once when `signal` is aborted, leaving nothing open;
 * - it changes nothing in what it asks;
 * - neither detail, measures nor conditions hold a secret or the contents of what was read.
 */
export interface Check {
  readonly id: string;
  readonly component: string;
  run(signal: AbortSignal): Promise<Observation>;
}

/** Time at the edge; its simulated twin advances when a test or a replay says so. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never go back, for durations. */
  monotonic(): number;
  /** Resolves at that instant or later; at once when it is past, and as soon as `signal` is aborted. Never rejects. */
  sleepUntil(at: number, signal: AbortSignal): Promise<void>;
}

/** Secrets by name. The value is never logged, journalled, shown, nor put into a detail. */
export interface Secrets {
  /** Fails with `secret-missing` or `secret-too-open`. */
  read(name: string): Promise<Result<string>>;
}
