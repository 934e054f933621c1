import type { Result } from '../journal/result.ts';
import type { Sighting } from './cleanPoint/explained.ts';
import type { CleanPointAsk, CleanPointFound } from './cleanPoint/found.ts';

/** A stop request and where progress goes; long work reports at least once a second and stops within two. */
export interface Work {
  signal: AbortSignal;
  /** `total` is 0 while unknown. */
  progress(done: number, total: number, unit: 'bytes' | 'files' | 'steps'): void;
}

export interface BackupSnapshot {
  id: string;
  /** When the backup says it was made (ISO 8601). A claim: an attacker may have dated it. */
  time: string;
  /** Where the backup does not say its moment itself: the last second of the day it names, or when its folder was last changed, which a copy changes. */
  timeFrom?: 'day' | 'folder';
  /** When the repository's own storage says it was written, where it says so: a claim of somebody else than the backup's writer. */
  storedAt?: string;
  host: string;
  paths: string[];
  /** Sizes as the repository states them; null where it does not. */
  bytes: number | null;
  files: number | null;
  /** True where the source cannot even read what this one holds: it is named, and never chosen. */
  damaged?: boolean;
  /** Point in time (ISO 8601): any moment from `time` to this one may be asked for, as `id@moment`. Absent where only the night itself comes back. */
  until?: string;
}

/** One thing in a folder of a snapshot. */
export interface BackupEntry {
  /** Bytes that are no UTF-8 are shown as `\xff`. */
  name: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  /** Null for what has none, or where the source does not say. */
  bytes: number | null;
  modifiedAt: string | null;
  /** The same bytes (of a folder: the same everything below it) have the same key in one source; null where the source cannot say without reading. */
  content: string | null;
}

export interface BackupEntries {
  /** In the order of their names. */
  entries: BackupEntry[];
  /** True where more stand there than are told. */
  truncated: boolean;
}

/** Told of one folder at most. */
export const FOLDER_ENTRIES_MAX = 10_000;

/** One place where backups of components stand. Read-only always: the repository is never written, not even a lock. */
export interface BackupSource {
  /** Oldest first. Fails with `backup-unreachable`, `backup-wrong-password`, `backup-damaged`, `secret-missing`, `secret-too-open`. */
  snapshots(work: Work): Promise<Result<BackupSnapshot[]>>;
  /**
   * Reads every byte of one snapshot and verifies it, writing its content at the root of `into` (an empty folder of ours).
   * `backup-damaged` speaks of this snapshot; any other refusal (`disk-full`, `backup-unreachable`…) says nothing of it.
   * `part`: only this file, or this folder with all below it, at the same path inside `into`; fails with `path-unknown`.
   */
  restore(snapshot: string, into: string, work: Work, part?: string): Promise<Result<Restored>>;
  /**
   * What stands directly in a folder, as `restore` would lay it out: '' is its top, parts are separated by `/`. Restores nothing.
   * Fails as `restore` does, and with `path-unknown`.
   */
  entries(snapshot: string, folder: string, work: Work): Promise<Result<BackupEntries>>;
}

/** Looks through all nights of a source. What it found of each content is kept: asked again, only what is new costs anything. */
export interface CleanPointFinder {
  /** Fails with `source-unknown`, `rules-unreadable`, `scanner-failed`, `interrupted`, and as the source does. */
  find(source: string, ask: CleanPointAsk, work: Work): Promise<Result<CleanPointFound>>;
}

/** Tells people where a night shows a sign, from what a look through the nights found. */
export interface SignFinder {
  /** Fails with `sign-unknown`, `snapshot-unknown`, `explanation-not-here`, and as the finder does. */
  sighting(
    source: string,
    ask: CleanPointAsk,
    sought: { component: string; snapshot: string; rule: string },
    work: Work,
  ): Promise<Result<Sighting>>;
}

export interface Restored {
  files: number;
  bytes: number;
  /** What did not come back as it was backed up: such a snapshot is passed over. */
  problems: { path: string; reason: string }[];
  /** Files of which the source keeps no checksum: they came back, and nothing says that they are what was backed up. */
  unverified: number;
  /** What stood in the backup and cannot be made again here (sockets, devices, extended attributes): says nothing against it. */
  leftOut?: { path: string; reason: string }[];
}

/** A service to run as a member of the clean room. The hub names a program; only the helper's own file says what it executes. */
export interface MemberSpec {
  /** Component reference, `owner:id`. */
  id: string;
  /** A line of the helper's root-owned program file: `postgresql-15`, `orthanc`, `application`. */
  program: string;
  /** Absolute path of the restored data, inside the room's own folder; the only thing the member may write. */
  dataDirectory: string;
  /** TCP ports it listens on inside its own network namespace. */
  listens: number[];
  /** The other members it may reach, and on which port; nothing else is reachable. */
  reaches: { member: string; port: number }[];
  /** Bounded plain settings the program's template declares (never secrets, never paths). */
  settings: { [name: string]: string | number };
}

export interface Member {
  id: string;
  pid: number;
  /** Address inside the room, as other members see it. */
  address: string;
  /** Per listened port, the Unix socket of the gateway through which the hub alone reaches it. */
  gateway: { [port: string]: string };
}

export interface IsolationProof {
  provedAt: string;
  /** Each forbidden path tried from inside a member: what was tried and what came of it. */
  attempts: { path: string; target: string; escaped: boolean; observed: string }[];
  escaped: number;
}

/**
 * The isolated place where restored services run. One per recovery.
 * Every call carries the journal's epoch; a call of an older epoch than one already seen is refused (`epoch-too-old`).
 */
export interface CleanRoom {
  /** Idempotent. Ends what an earlier life of this room left running, then makes it. Rules are loaded before links go up. */
  open(room: { id: string; epoch: number; folder: string }): Promise<Result<{ endedOrphans: number[] }>>;
  /** Starts a member, or returns the running one when its spec is the same. Its program must be listening or the call fails. */
  start(room: string, member: MemberSpec): Promise<Result<Member>>;
  stop(room: string, member: string): Promise<Result<void>>;
  proveIsolation(room: string): Promise<Result<IsolationProof>>;
  /** Ends every member, removes namespaces, links, rules and sockets it recorded; the data folder stays. */
  close(room: string): Promise<Result<void>>;
}

/** A fact that was true while the service was healthy and can be asked again after restoration. Counts and digests only: nothing clinical. */
export interface KnownFact {
  /** `patients`, `prescriptions`, `results`, `studies`… */
  name: string;
  value: number | string;
  /** `atLeast` for things that only grow, `equal` for digests of what never changes, `between` is not needed: a lower count is a loss to explain. */
  rule: 'atLeast' | 'equal';
}

/** Asks a running service clinical questions: through FHIR, HL7, DICOM or SQL, as clinicians' software does. */
export interface ClinicalProbe {
  /** `address` is `host:port` of the service, the hospital's own or a restored one. */
  ask(address: string, signal: AbortSignal): Promise<Result<KnownFact[]>>;
}

/** What was read of a restored tree, and what speaks against relying on it. */
export interface Examination {
  files: number;
  bytes: number;
  /** Known signs, worst first; empty means «no known sign», never «clean». */
  signs: {
    code: 'canary-altered' | 'canary-missing' | 'content-encrypted' | 'ransom-note' | 'mass-rename';
    files: number;
    example: string;
  }[];
  notExamined: { path: string; reason: string }[];
  /** Date of the rules the examination used (YYYY-MM-DD). */
  rulesOf: string;
}

export interface Examiner {
  /** `tree` is a restored folder of ours; canaries are paths inside it with the SHA-256 they must have. */
  examine(
    tree: string,
    canaries: readonly { path: string; sha256: string }[],
    work: Work,
  ): Promise<Result<Examination>>;
}

/** The folders of a recovery, all inside the clean room's own. Making, moving, marking and removing are durable before they return. */
export interface RecoveryFolders {
  room(recovery: string): Promise<string>;
  /** An empty folder to restore a candidate into; what an earlier try left there is removed. */
  staging(recovery: string, component: string): Promise<string>;
  /** Makes a restored tree the component's data, in one move. */
  adopt(recovery: string, component: string, restored: RestoredTree, tree: string): Promise<void>;
  /** The component's data, where the tree of this snapshot was adopted whole. */
  adopted(
    recovery: string,
    component: string,
    snapshot: string,
  ): Promise<(RestoredTree & { folder: string }) | undefined>;
  /** Names of the recoveries that have a folder. */
  list(): Promise<string[]>;
  /** Ends what an earlier life left writing there, then removes all of it; of what is not there, nothing. */
  remove(recovery: string): Promise<void>;
}

export interface RestoredTree {
  snapshot: string;
  files: number;
  bytes: number;
}

/** How a component is run and asked, from the configuration. */
export interface RestorableService {
  canaries: readonly { path: string; sha256: string }[];
  /** Null for plain files: nothing to start. */
  member: Omit<MemberSpec, 'dataDirectory'> | null;
  /** Makes a restored folder fit to start: leftovers of the earlier life removed, overrides and secrets written. Idempotent. */
  prepare(dataDirectory: string): Promise<Result<void>>;
}
