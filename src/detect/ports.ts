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

export interface BackupNight {
  id: string;
  /** ISO 8601, as the backup says. */
  time: string;
  /** Null where the repository does not state it. */
  bytes: number | null;
  files: number | null;
}

/** What differs between two snapshots, counted in files. */
export interface BackupDifference {
  added: number;
  removed: number;
  changed: number;
  unchanged: number;
  addedBytes: number;
}

/** The nights of one backup, read-only; what `RestorePolicy.source` names. */
export interface BackupHistory {
  /** Oldest first. Fails as `BackupSource.snapshots` does. */
  nights(signal: AbortSignal): Promise<Result<BackupNight[]>>;
  /** Asked where `nights` did not state it. */
  size(night: BackupNight, signal: AbortSignal): Promise<Result<{ bytes: number; files: number }>>;
  compare(older: BackupNight, newer: BackupNight, signal: AbortSignal): Promise<Result<BackupDifference>>;
}

/** A source of the configuration by its name, or a repository told in the check itself. */
export type BackupReference = string | { kind: 'restic'; repository: string; password: string };

/** What checks may use of the outside. */
export interface CheckEdge {
  secrets: Secrets;
  clock: Clock;
  /** Relative paths of the configuration start here. */
  folder: string;
  backup(reference: BackupReference): BackupHistory | undefined;
}
