/** A person's authenticator application. */
export interface Totp {
  person: string;
  /** Base32. */
  secret: string;
  createdAt: number;
  /** The last step that was used: it and those before it open nothing again. */
  lastStep: number;
  /** By how many steps the application's clock was off when last used; negative: late. */
  skewSteps: number;
}

export interface TotpStore {
  put(totp: Totp): void;
  of(person: string): Totp | undefined;
  /** True for one caller only, and only for a step after the last one used. */
  spend(person: string, step: number, skewSteps: number): boolean;
  remove(person: string): boolean;
}

/** Codes of RFC 6238: six digits, 30 seconds, SHA-1, as every authenticator application reads them. */
export interface OneTimeCodes {
  freshSecret(): string;
  /** `otpauth://totp/…`, which the application scans. */
  uri(secret: string, account: string): string;
  stepAt(now: number): number;
  /** By how many steps from now this code is off, within so many either way; undefined: no such code. */
  skewOf(secret: string, code: string, now: number, stepsEitherWay: number): number | undefined;
}

/** Ten codes on paper. What is kept of each is an Argon2id hash (ASVS 5.0 6.5.2). */
export interface RecoveryCodeStore {
  /** Those made before are void. */
  replace(person: string, hashes: readonly string[], at: number): void;
  /** The hash of the code of this number, unless it was used. */
  hashOf(person: string, number: number): string | undefined;
  /** True for one caller only. */
  spend(person: string, number: number, hash: string): boolean;
  /** Undefined: none were ever made. */
  left(person: string): { left: number; madeAt: number } | undefined;
  remove(person: string): void;
}
