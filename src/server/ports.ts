import type { Readable } from 'node:stream';
import type { Reach } from '../access/person.ts';
import type { Act } from '../access/policy.ts';
import type { Json } from '../journal/event.ts';
import type { Expected } from '../journal/queue.ts';
import type { Result } from '../journal/result.ts';
import type { CareFacts } from '../map/care.ts';
import type { CompiledMap } from '../map/compile.ts';
import type { LastSeen } from '../map/gap/history.ts';
import type { Measured } from '../map/returns/view.ts';
import type { MapState } from '../map/state.ts';
import type { Reach as Explains, Sighting } from '../restore/cleanPoint/explained.ts';
import type { ComparedFolder } from '../restore/nights/compareFolders.ts';
import type { Acknowledged, PlacesBody, WorldInfo } from './protocol.ts';

export type { Expected };

/** The views of one world, folded from durable events only. */
export interface ViewSource {
  readonly names: readonly string[];
  /** Plain data (JSON), at once. A throw freezes this view alone: it is served as stale, the others go on. */
  compute(name: string, reach?: Reach): unknown;
  /** Calls after each durable batch, and whenever time alone has changed what the views say. Returns how to stop. */
  onDurable(listener: () => void): () => void;
}

/** The map in force, how it came to be, and what is known of what is on it; from durable events only. */
export interface MapNow
  extends Pick<MapState, 'document' | 'sequence' | 'history' | 'imports' | 'incidents' | 'recoveries'> {
  compiled: CompiledMap | null;
  /** What each component was last seen in, by short id; what was never seen is absent: unknown. */
  seen: ReadonlyMap<string, LastSeen>;
  facts: CareFacts;
  /** What restorations and backups were seen to take, in this world. */
  measured: Measured;
  /** This world's instant, in milliseconds since 1970. */
  now: number;
}

/** One set of facts one may look at and act on: the hospital's own, an exercise's, a drill's. */
export interface World {
  info(): WorldInfo;
  readonly views: ViewSource;
  /** The place of the journal now, as a code that can be printed and checked later. */
  sealCode(): string;
  /** Wards and sites of the map, in its order. */
  places(): PlacesBody;
  map(): MapNow;
  /** A document that an event of this world names, as it was stored. */
  document(hash: string): Promise<Json | undefined>;
  /** On which site of the map a ward is, if it is there. */
  siteOf(ward: string): string | undefined;
  /** An act that waits for a second person, and who asked for it. */
  awaiting(approval: string): { act: Act; askedBy: string } | undefined;
  /** Resolves once durable. The refusal `changed-since-you-looked` is answered as a conflict (409). */
  submit(
    command: { type: string },
    by: { actor: string; expected?: Expected | undefined },
  ): Promise<Result<Acknowledged>>;
}

export interface WorldDirectory {
  get(id: string): World | undefined;
  list(): readonly World[];
  /** Calls with the id of a world that was added, ended, or whose `info()` changed otherwise than by time passing. */
  onChange(listener: (id: string) => void): () => void;
}

/** Looks into the nights of one establishment's backups, and takes a file out of one. Bounded in time, size, and looks at once. */
export interface BackupDesk {
  /**
   * What stands in a folder of a night, beside another night where one is asked for. Fails with `component-not-restorable`,
   * `snapshot-unknown`, `backup-desk-busy`, `backup-too-slow`, and as the source does.
   */
  look(
    asked: { component: string; snapshot: string; folder: string; against: string | null },
    signal: AbortSignal,
  ): Promise<Result<ComparedFolder>>;
  /**
   * Restored, verified, and journalled before a byte is answered. Fails with `part-not-a-file`, `part-too-large` and
   * `part-not-whole` besides.
   */
  fetch(
    asked: { component: string; snapshot: string; path: string },
    actor: string,
    signal: AbortSignal,
  ): Promise<Result<FetchedFile>>;
}

export interface SignAsked {
  component: string;
  snapshot: string;
  rule: string;
}

/** Tells people where a sign was found, and binds to that what they explain. Bounded in time, and looks at once. */
export interface SignDesk {
  /** Names leave in this answer only. Fails with `sign-unknown`, `snapshot-unknown`, `component-not-restorable`, `explanation-not-here`. */
  look(asked: SignAsked, signal: AbortSignal): Promise<Result<Omit<Sighting, 'marks'> & { bound: boolean }>>;
  /**
   * Marks of what an explanation would cover (none of a whole rule), and of how many findings, where the night still shows what the person saw. Fails with `changed-since-you-looked`,
   * `explanation-too-wide` (more findings than one may bind), `explanation-too-vague` (the whole rule, where they can be bound) besides.
   */
  covered(
    asked: SignAsked & { reach: Explains; seen: string },
    signal: AbortSignal,
  ): Promise<Result<{ marks: string[]; findings: number }>>;
}

export interface FetchedFile {
  name: string;
  bytes: number;
  /** False where the source keeps no checksum of it. */
  verified: boolean;
  /** Nothing of it is left on the disk: what is not read is gone once this is closed. */
  content: Readable;
}
