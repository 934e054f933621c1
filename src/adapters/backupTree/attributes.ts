import { fchmodSync, fchownSync, futimesSync } from 'node:fs';
import type { Instant } from './instant.ts';

/** What an entry is given back of what it was. */
export interface Attributes {
  mode: number;
  user: number;
  group: number;
  modifiedAt: Instant;
  accessedAt: Instant;
}

/** Why something of an entry could not be written or given. */
export interface WriteFailure {
  /** The system's code (`ENOSPC`, `EPERM`…). */
  code: string;
  what: 'write' | 'owner' | 'mode' | 'times';
}

/** Only root gives files away; without it they stay with whoever restores, as with restic. */
const root = process.getuid?.() === 0;

/** The owner before the mode, since a change of owner takes setuid away; the times last. */
export function giveAttributes(descriptor: number, { mode, user, group, ...times }: Attributes): WriteFailure[] {
  return [
    ...(root ? tried('owner', () => fchownSync(descriptor, user, group)) : []),
    ...tried('mode', () => fchmodSync(descriptor, mode)),
    ...tried('times', () => futimesSync(descriptor, secondsOf(times.accessedAt), secondsOf(times.modifiedAt))),
  ];
}

/** As text: Node takes a negative number for «now». A double holds present times to a quarter of a microsecond. */
export const secondsOf = ({ seconds, nanoseconds }: Instant): string => String(seconds + nanoseconds / 1e9);

export function tried(what: WriteFailure['what'], act: () => void): WriteFailure[] {
  try {
    act();
    return [];
  } catch (error) {
    return [{ code: codeOf(error), what }];
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'failed';
