import type { Instant } from '../../backupTree/instant.ts';

/** A thing in a file system, whatever name it has there. */
export interface DiskNode {
  /** Its number there: two names with the same number are one file. */
  id: number;
  kind: 'file' | 'folder' | 'link' | 'fifo' | 'device' | 'socket' | 'other';
  bytes: number;
  /** What it takes on the disk: less than `bytes` where it has holes. */
  diskBytes: number;
  /** Permissions with setuid, setgid and sticky; null, with the owner, where the file system keeps none of ours. */
  owned: { mode: number; user: number; group: number } | null;
  modifiedAt: Instant;
  accessedAt: Instant;
  /** How many names it has. */
  names: number;
  /** Why it cannot come back, though it stands there undamaged (encrypted, a placeholder); undefined where it can. */
  cannot?: string;
  /** What of it is not made again, with the reason. */
  leftOut: readonly string[];
}

export interface DiskEntry {
  name: Buffer;
  id: number;
}

/** A stretch of a file that is not a hole. */
export interface Stretch {
  at: number;
  data: Buffer;
}

/** Longest stretch given at once. */
export const STRETCH_BYTES = 1024 * 1024;
/** Names in one folder, and things below one: a tree that was made to exhaust its reader is refused there. */
export const NAMES_MAX = 20_000_000;

/** A file system read where it stands. What is not as it must be fails as `Damaged`: of that thing, where it can be told. */
export interface DiskFileSystem {
  kind: string;
  label: string;
  root: number;
  /** What is to be known of the whole: not unmounted before the copy, owners that are not given back. */
  notes: readonly string[];
  node(id: number): Promise<DiskNode>;
  /** Without `.` and `..`. */
  entries(folder: DiskNode): AsyncIterable<DiskEntry>;
  content(file: DiskNode): AsyncIterable<Stretch>;
  target(link: DiskNode): Promise<Buffer>;
}
