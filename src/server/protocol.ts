import type { Operation } from 'rfc6902';
import type { Refusal } from '../journal/result.ts';

/** Which facts one looks at: the hospital's own, an exercise's, or a drill's in the laboratory. */
export type WorldKind = 'live' | 'exercise' | 'drill';

export interface WorldInfo {
  id: string;
  kind: WorldKind;
  /** The world's own clock: `now` was true when the server sent this; it runs at `speed` times real time. */
  now: string;
  speed: number;
  /** Why nothing more can be appended, if so. */
  readOnly: Refusal | null;
  scenario?: { id: string; finished: boolean };
}

/**
 * Live feed: Server-Sent Events on `GET /api/worlds/:world/feed?views=board,incidents`.
 * Each message has `id: <feed>.<number>`; a client that comes back with `Last-Event-ID` gets what it missed as patches,
 * or fresh snapshots when the server no longer holds them. Numbers of one view have no hole: a client that sees one asks again.
 */
export type FeedMessage =
  | { kind: 'snapshot'; view: string; version: number; value: unknown }
  | { kind: 'patch'; view: string; version: number; patch: Operation[] }
  /** A view whose computation failed: frozen at `version`, the others go on. */
  | { kind: 'stale'; view: string; version: number; since: string; refusal: Refusal }
  | { kind: 'world'; world: WorldInfo }
  /** The session was revoked or its right withdrawn; the feed ends. */
  | { kind: 'cut'; refusal: Refusal };

/** Body of every refused request. */
export interface RefusedBody {
  error: Refusal;
}
