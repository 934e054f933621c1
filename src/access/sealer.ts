import type { Refusal } from '../journal/result.ts';

/**
 * Encrypts, for the erasable store, what is personal or opens a door: a name, a password's hash, a TOTP secret, a passkey.
 * Contract (sealer.contract.ts, for every implementation):
 * - `what` says what is sealed and where it stands, down to the row (`passkeys.publicKey:ID`): sealed bytes moved to another
 *   row, column or table do not open. It is not secret and is not stored in what is sealed.
 * - Sealing the same twice gives two different results: nobody can compare rows. To find a row, keep `index` beside it.
 * - `open` throws Refused `sealed-altered` for what was altered, cut, moved, or sealed under another key.
 * - Sealed bytes stay openable across restarts and rotations of the master key.
 */
export interface Sealer {
  /** A text is sealed as UTF-8. At most 64 bytes more than the plain. */
  seal(what: string, plain: Uint8Array | string): Uint8Array;
  open(what: string, sealed: Uint8Array): Uint8Array;
  /** The same for the same text under one `what` (the table and column, without a row), and a secret to whoever lacks the key: 64 hex digits. */
  index(what: string, text: string): string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export const openText = (sealer: Sealer, what: string, sealed: Uint8Array): string =>
  utf8.decode(sealer.open(what, sealed));

/** What every sealer throws, in the same words. */
export const sealedAltered = (what: string): Refusal => ({
  code: 'sealed-altered',
  message: 'What was sealed here does not open: it was altered, moved from elsewhere, or sealed under another key.',
  where: what,
  expected: 'the bytes sealed at this very place, under a key of this data folder',
  kept: 'the bytes as they are',
  cure: 'Take the file that holds it, and the keys folder, from one and the same copy.',
  retryable: false,
});
