import type { Json } from './event.ts';

/** One stored entry, exactly as hashed. Field order on disk is irrelevant: the hash is over the canonical form (RFC 8785). */
export interface Envelope {
  establishment: string;
  epoch: number;
  sequence: number;
  time: string;
  actor: string;
  type: string;
  schemaVersion: number;
  data: Json;
  /** Encrypted private part (AES-256-GCM, base64); the entry's hash covers this ciphertext. */
  private?: { keyId: string; nonce: string; ciphertext: string };
  /** Hashes of the documents this entry names, sorted. */
  documents?: string[];
  /** Lower-case hex SHA-256 of the entry before; 64 zeros for the first of a journal. */
  previousHash: string;
  /** SHA-256 over the canonical form of all the fields above. */
  hash: string;
}

export interface Head {
  epoch: number;
  /** 0 for an empty journal. */
  sequence: number;
  hash: string;
}

/**
 * Append-only storage of one establishment's journal.
 * Contract (held by the contract suite for every engine):
 * - `append` resolves only when entries and documents survive a power cut; it stores all of the batch or nothing.
 * - `append` refuses a batch whose first entry does not continue the head (code `journal-not-next`).
 * - `read` yields entries in order, from `after` exclusive, in bounded chunks.
 * - Nothing is ever updated or deleted but snapshots, which may be replaced.
 */
export interface JournalStore {
  head(): Promise<Head>;
  append(entries: readonly Envelope[], documents?: { [hash: string]: Json }): Promise<void>;
  read(after: number, limit: number): Promise<Envelope[]>;
  document(hash: string): Promise<Json | undefined>;
  close(): Promise<void>;
}

/** A fold's saved state: plain data keyed by the hash of fold code and schemas. Any mismatch means: fold again. */
export interface Snapshot {
  sequence: number;
  epoch: number;
  hash: string;
  foldKey: string;
  state: Json;
}

export interface SnapshotStore {
  latest(foldKey: string): Promise<Snapshot | undefined>;
  save(snapshot: Snapshot): Promise<void>;
}

/** Erasable data keys, one per subject, kept apart from the journal. */
export interface KeyStore {
  /** The subject's key, made at first use; 32 bytes. Durable before it is returned. */
  keyFor(subject: string): { keyId: string; key: Uint8Array };
  /** Undefined once erased. */
  find(keyId: string): Uint8Array | undefined;
  erase(subject: string): void;
}
