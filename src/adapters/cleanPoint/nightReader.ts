import type { Result } from '../../journal/result.ts';
import type { NightContent, NightHead } from '../../restore/cleanPoint/night.ts';
import type { Work } from '../../restore/ports.ts';
import type { Packed } from '../scanner/wire.ts';

export interface ListedNight extends NightHead {
  /** The same key: the same files, for ever. Null where not even the list of them can be read. */
  list: string | null;
}

/** Parts of one content, in order; asked for again where a scanner ended before it saw them, `verified` where it said that one is broken. */
export type Pieces = (verified: boolean) => AsyncIterable<Uint8Array | Packed> | Iterable<Uint8Array | Packed>;

/** Who has contents examined. */
export interface Contents {
  /** True for the first to ask of a content that nobody has looked at: it is then theirs to bring. */
  claim(key: string, bytes: number): boolean;
  /** Whether it was looked at, or is claimed. */
  isKnown(key: string): boolean;
  /** Returns as soon as more may be brought. Where its pieces throw `Damaged` the content is damaged. */
  bring(key: string, bytes: number, pieces: Pieces): Promise<void>;
  /** Everything brought so far has been looked at. */
  settled(): Promise<void>;
}

/** What was read: different blobs (or files, where a source has no blobs), their bytes, and how many had to be read again. */
export interface Reading {
  blobs: number;
  bytes: number;
  again: number;
}

/** Where nights come from. */
export interface NightReader {
  /** As people know it. */
  readonly place: string;
  readonly reading: Reading;
  /** Whether what nobody could look at is worth another try: not where that would restore whole nights again. */
  readonly triesAgain: boolean;
  nights(work: Work): Promise<Result<ListedNight[]>>;
  /** Lists what these nights hold, and brings each content that it could claim. Fails with `interrupted`, and as its source does. */
  read(nights: readonly ListedNight[], contents: Contents, work: Work): Promise<Result<void>>;
  /** What a night holds, once it was read, now or another day. Contents are named by SHA-256, or by the list of their blobs. */
  filesOf(night: ListedNight): Promise<NightContent>;
}
