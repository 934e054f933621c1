import type { Result } from '../journal/result.ts';

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
  host: string;
  paths: string[];
  /** Sizes as the repository states them; null where it does not. */
  bytes: number | null;
  files: number | null;
}

/** One place where backups of components stand. Read-only always: the repository is never written, not even a lock. */
export interface BackupSource {
  /** Oldest first. Fails with `backup-unreachable`, `backup-wrong-password`, `backup-damaged`. */
  snapshots(work: Work): Promise<Result<BackupSnapshot[]>>;
  /** Reads every byte of one snapshot and verifies it, writing it under `into` (an empty folder of ours). */
  restore(
    snapshot: string,
    into: string,
    work: Work,
  ): Promise<Result<{ files: number; bytes: number; problems: { path: string; reason: string }[] }>>;
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

/** Asks a running service clinical questions: through FHIR, HL7, DICOM or SQL as clinicians' software does. */
export interface ClinicalProbe {
  ask(endpoint: ProbeEndpoint, signal: AbortSignal): Promise<Result<KnownFact[]>>;
}

export interface ProbeEndpoint {
  kind: 'postgresql' | 'fhir' | 'dicomweb' | 'dicom' | 'hl7' | 'files';
  /** `tcp://host:port`, `unix:/path` or a folder. */
  address: string;
  settings: { [name: string]: string | number };
  /** Name of the secret to use, if any; never the secret. */
  secret?: string;
}
