import type { Operation } from 'rfc6902';
import type { Act } from '../access/policy.ts';
import type { Grant, Role } from '../access/roles.ts';
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
 * A client that comes back with `Last-Event-ID` (or `?after=<id>`, where it cannot set a header) gets what it missed as
 * patches, or fresh snapshots when the server no longer holds them. `id` is `<feed>.<number>`, opaque to the client; what is
 * sent at (re)connection carries it on its last message only, so that a connection lost half-way starts that part again.
 * Versions of one view have no hole: a client ignores a version it already has, and one that sees a hole connects afresh.
 * A `world` message comes first, on each change, and every `heartbeatSeconds`: silence for longer means the feed is lost.
 */
export type FeedMessage =
  | { kind: 'snapshot'; view: string; version: number; value: unknown }
  /** Also says that a stale view lives again (then possibly with no operation). */
  | { kind: 'patch'; view: string; version: number; patch: Operation[] }
  /** A view whose computation failed: frozen at `version` (0: never computed), the others go on. */
  | { kind: 'stale'; view: string; version: number; since: string; refusal: Refusal }
  | { kind: 'world'; world: WorldInfo }
  /** A view asked for that this person may not follow; the others go on. */
  | { kind: 'withheld'; view: string; refusal: Refusal }
  /** The session or its right was withdrawn, or the world ended; the feed ends and must not be asked for again as it was. */
  | { kind: 'cut'; refusal: Refusal };

export const heartbeatSeconds = 10;

/** Body of every refused request. */
export interface RefusedBody {
  error: Refusal;
}

/** Header every request that changes something carries: a page of another site cannot send it (a seam against forgery). */
export const actHeader = { name: 'x-reflexe', value: '1' } as const;

export interface PersonBody {
  id: string;
  name: string;
  displayName: string;
  roles: Role[];
}

/**
 * `GET /api/session`, and the answer of both sign-ins. Without a session it is refused (401) with `signed-out`,
 * or with `first-sign-in` where nobody can sign in yet: the one-time link printed at start makes the first administrator.
 */
export interface SessionBody {
  person: PersonBody;
}

/** `POST /api/sign-in/first`; the token is what follows `#first=` in the one-time link. */
export interface FirstSignInBody {
  token: string;
  name: string;
  displayName: string;
  password: string;
}

/** `POST /api/sign-in`. */
export interface SignInBody {
  name: string;
  password: string;
}

/** `GET /api/sessions`: one's own; `POST /api/sessions/revoke {session}` answers the same. */
export interface SessionsBody {
  sessions: { id: string; since: string; seen: string; here: boolean }[];
}

/** `GET /api/worlds`. */
export interface WorldsBody {
  worlds: WorldInfo[];
  /** Started with `--lab`: the drill may be started from the interface. */
  lab: boolean;
}

/** What an accepted act answers: the journal entry it rests on, and where it already survives a power cut. */
export interface Acknowledged {
  sequence: number;
  durable: 'here';
  /** Asked, not done: somebody else who may do it has to agree first. */
  awaits?: 'secondPerson';
}

/** `GET /api/rights`: what this person may do somewhere, and what they hold. */
export interface RightsBody {
  acts: Act[];
  grants: Grant[];
}

/** `GET /api/people/names`: everyone who has or had an account here. */
export interface NamesBody {
  people: { id: string; displayName: string }[];
}
