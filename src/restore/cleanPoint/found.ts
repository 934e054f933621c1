import type { CleanPointVerdict } from './cleanPoint.ts';
import type { Explained } from './explained.ts';

/** What was looked for, and for whom. */
export interface CleanPointAsk {
  /** Files laid to be touched by nobody: path inside the restored tree, SHA-256 of their content. */
  canaries: readonly { path: string; sha256: string }[];
  /** ISO 8601, as a person entered it: nights of that moment or later are suspect. */
  compromisedSince: string | null;
  /** Findings that people explained: told still, they make no night dirty. */
  explained: readonly Explained[];
}

/** The last night with no known sign, every night's verdict, and what they rest on. */
export interface CleanPointFound extends CleanPointVerdict {
  /** What it was made with; `engine` is null where rules are not applied on this machine. */
  rules: { date: string | null; files: number; engine: string | null; refused: { file: string; reason: string }[] };
  confinement: 'bubblewrap' | 'limits';
  /** Different blobs read, decrypted and verified, and their bytes. */
  blobsExamined: number;
  bytesExamined: number;
  /** Times a blob had to be read again, being part of another content too. */
  blobsReadAgain: number;
  contents: { scanned: number; known: number };
  notExamined: { path: string; reason: string }[];
}
