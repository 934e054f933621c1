import type { Result } from '../../journal/result.ts';
import type { Sealer } from '../sealer.ts';

/** Seals under the newest of its keys, opens under any: what was sealed before a rotation opens until it is sealed again. */
export interface RotatingSealer extends Sealer {
  /** False where it was sealed under an older key, or is not sealed at all. */
  isCurrent(sealed: Uint8Array): boolean;
}

export const protectorKinds = ['file', 'passphrase', 'quorum', 'tpm'] as const;
/** What gives the master key back: each protector alone is enough. */
export type ProtectorKind = (typeof protectorKinds)[number];

/** A protector as people see it; nothing in it opens anything. */
export interface ProtectorShown {
  id: string;
  kind: ProtectorKind;
  label: string;
  madeAt: string;
  /** The path of a key file; the registers a TPM checks; how many of how many shares. */
  detail: string;
}

export interface KeysShown {
  /** Locked: the master key is not in memory, and only a passphrase or shares bring it. */
  state: 'open' | 'locked';
  /** A name of the master key, new at each rotation; it says nothing of the key. */
  master: { id: string; madeAt: string };
  protectors: ProtectorShown[];
  /** A rotation was cut short; it is finished at the next opening. */
  rotating: boolean;
}

/** What somebody typed: never in arguments, never in the environment. */
export type Typed = { passphrase: string } | { shares: string[] };

export interface NewProtector {
  kind: ProtectorKind;
  label: string;
  /** For `passphrase`. */
  passphrase?: string;
  /** For `file`: where. */
  file?: string;
  /** For `tpm`: the registers that must not have changed, as tpm2-tools write them (`sha256:7`); none: `''`. */
  pcrs?: string;
}

export interface Added {
  protector: ProtectorShown;
  /** For `quorum`: three codes, shown once. */
  shares: string[];
}

export interface Rotated {
  master: { id: string; madeAt: string };
  protectors: ProtectorShown[];
  /** New codes of each quorum, shown once. */
  shares: { protector: string; codes: string[] }[];
}

/** The keys of one data folder, as the verbs use them: in the hub that runs, or on the folder of one that does not. */
export interface KeysDesk {
  status(): Promise<Result<KeysShown>>;
  unlock(typed: Typed): Promise<Result<KeysShown>>;
  add(wanted: NewProtector): Promise<Result<Added>>;
  remove(id: string): Promise<Result<KeysShown>>;
  /**
   * A new master key under protectors of the same kinds; passphrases by id of the protector they replace. Nothing is changed
   * before `show` has resolved: it is where the only copy of new shares is handed over.
   */
  rotate(passphrases: { [id: string]: string }, show: (rotated: Rotated) => Promise<void>): Promise<Result<Rotated>>;
}

/** Secrets by name. Values are texts: passwords, tokens, keys in PEM. */
export interface NamedSecrets {
  read(name: string): Promise<Result<string>>;
  set(name: string, value: string): Promise<Result<{ name: string; replaced: boolean }>>;
  list(): Promise<Result<{ name: string; changedAt: string }[]>>;
  remove(name: string): Promise<Result<{ name: string }>>;
}
