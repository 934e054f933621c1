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
 * - Appends not awaited are stored in the order they were called. `more` is a hint that another follows at once: the
 *   engine may make them durable together, all or nothing.
 * - `append` refuses a batch whose first entry does not continue the head (code `journal-not-next`).
 * - `read` yields entries in order, from `after` exclusive, in bounded chunks: fewer than `limit` where they are large.
 * - `document` gives what its name says, byte for byte, or throws Refused `journal-damaged`.
 * - Nothing is ever updated or deleted but snapshots, which may be replaced.
 */
export interface JournalStore {
  head(): Promise<Head>;
  append(entries: readonly Envelope[], documents?: { [hash: string]: Json }, more?: boolean): Promise<void>;
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

/** One entry as it lies in storage, before anything in it is believed. `form` is the text the hash was taken over. */
export interface StoredEntry {
  sequence: number;
  epoch: number;
  hash: string;
  form: string;
}

/** A signed statement: at this time the journal stood here. */
export interface Checkpoint {
  establishment: string;
  epoch: number;
  sequence: number;
  hash: string;
  time: string;
  /** Ed25519 public key, SPKI DER, base64. */
  publicKey: string;
  /** Ed25519 over the canonical form of the five fields above the key, base64. */
  signature: string;
}

/** What checking the seal needs of an engine, beside `JournalStore`. Checkpoints, like entries, are only ever added. */
export interface SealStore {
  /**
   * In order of place, from `after` exclusive; fewer than `limit` where they are large, none only at the end.
   * Throws Refused `journal-damaged` where the storage itself is broken, after giving what stands before.
   */
  stored(after: number, limit: number): Promise<StoredEntry[]>;
  /** In order of sequence, from `after` exclusive. */
  checkpoints(after: number, limit: number): Promise<Checkpoint[]>;
  addCheckpoint(checkpoint: Checkpoint): Promise<void>;
}

/** Everything one establishment's journal is kept in, opened for writing by this process alone. */
export interface JournalEngine {
  store: JournalStore & SealStore;
  snapshots: SnapshotStore & { clear(): Promise<void> };
  keys: KeyStore;
  /** Signs checkpoints; its private key is kept beside the journal, never in it. */
  signer: CheckpointSigner;
  /** The furthest entry this folder is known to have acknowledged: a journal that ends before it has lost entries. */
  acknowledged: Head | undefined;
  close(): Promise<void>;
}

export interface CheckpointSigner {
  publicKey: string;
  sign(text: string): string;
}
