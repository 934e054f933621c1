import type { Refusal } from '../../../journal/result.ts';
import type { Attributes, WriteFailure } from '../../backupTree/attributes.ts';
import type { Name } from '../../backupTree/name.ts';
import type { FilesPlace } from '../repository/filesAt.ts';
import type { HeaderEntry } from '../repository/packHeader.ts';
import type { RepositoryKey } from '../repository/sealed.ts';
import type { Span } from '../repository/spans.ts';

/** What a thread is given when it starts. */
export interface ThreadData {
  at: FilesPlace;
  key: RepositoryKey;
}

export interface TargetFile {
  path: Name;
  bytes: number;
  /** Absent while other spans still have to write into it. */
  finish?: Attributes;
}

/** Reads a span and writes each blob where it belongs. */
export interface WriteTask {
  kind: 'write';
  span: Span;
  files: TargetFile[];
  /** For each blob of the span: pairs of a number in `files` and an offset in that file. */
  targets: number[][];
}

/** Gives what stands under these paths its attributes, one after another; `make` first makes an empty file. */
export interface FinishTask {
  kind: 'finish';
  entries: { path: Name; attributes: Attributes; make?: true }[];
}

/** Reads a whole pack and verifies all it holds. */
export interface CheckTask {
  kind: 'check';
  pack: string;
}

export type Task = WriteTask | FinishTask | CheckTask;

export interface WriteOutcome {
  kind: 'write';
  bytes: number;
  damaged: { id: string; reason: string }[];
  /** Files (numbers of the task) that stay without their attributes, a blob of theirs being damaged. */
  unfinished: number[];
  failed: Failure[];
}
export interface FinishOutcome {
  kind: 'finish';
  failed: Failure[];
}
export interface CheckOutcome {
  kind: 'check';
  bytes: number;
  /** What the pack's header says it holds; null where the header cannot be read. */
  entries: HeaderEntry[] | null;
  damaged: { id: string; reason: string }[];
  /** Why the pack as a whole cannot be read. */
  unreadable?: string;
}
export type Outcome = WriteOutcome | FinishOutcome | CheckOutcome;

/** What a thread says of a task: its outcome, or that the repository is out of reach. */
export type Answer = { number: number } & ({ outcome: Outcome } | { refusal: Refusal });

/** `entry`: number of the file or entry in its task. */
export type Failure = { entry: number } & WriteFailure;
