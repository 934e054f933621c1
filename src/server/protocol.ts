import type { Operation } from 'rfc6902';
import type { InvitationKind } from '../access/invitations/ports.ts';
import type { Strength } from '../access/methods.ts';
import type { Act } from '../access/policy.ts';
import type { Grant, Role } from '../access/roles.ts';
import type { Factor } from '../access/secondFactor/secondFactor.ts';
import type { Refusal } from '../journal/result.ts';
import type { MapChange } from '../map/change/change.ts';
import type { MapVersion } from '../map/change/history.ts';
import type { ChangeProblem } from '../map/change/problems.ts';
import type { ColumnMapping } from '../map/events.ts';
import type { Proposal } from '../map/import/choose.ts';
import type { Review } from '../map/import/review.ts';
import type { HospitalMap, Words } from '../map/model.ts';
import type { WeakPoints } from '../map/weakPoints/weakPoints.ts';
import type { WhatIf } from '../map/whatIf.ts';

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
 * `GET /api/session`, and the answer of whatever signs in. Without a session it is refused (401) with `signed-out`,
 * or with `first-sign-in` where nobody can sign in yet: the one-time link printed at start makes the first administrator.
 */
export interface SessionBody {
  person: PersonBody;
  session: {
    strength: Strength;
    /** On this hub one factor opens nothing but one's own account, where the second is added. */
    enrolling: boolean;
    /** When one last proved who one is; a sensitive act is refused `proof-too-old` some minutes later. */
    proved: string;
  };
  /** After a code: by how much the telephone's clock is off; negative: late. */
  skewSeconds?: number;
  /** After a recovery code. */
  recoveryCodesLeft?: number;
}

/** `POST /api/links/look {token}`: what a one-time link is for; refused `first-link-not-valid` or `invitation-not-valid`. */
export type LinkBody =
  | { kind: 'first' }
  | { kind: InvitationKind; name: string; displayName: string; hasPasskeys: boolean };

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

/**
 * What `POST /api/sign-in` answers to whoever has a second factor, instead of a session. The ticket goes with
 * `/api/sign-in/code {ticket, code}`, `/recovery-code {ticket, code}`, `/key/options {ticket}` then `/key {ticket, response}`.
 */
export interface AskedBody {
  asked: { ticket: string; factors: Factor[] };
}

/** `POST /api/sign-in/passkey/options`, and every other that ends in `/options`: what `navigator.credentials` is called with. */
export interface OptionsBody {
  options: object;
}

/** `GET /api/sessions`: one's own; `POST /api/sessions/revoke {session}` and `/revoke-others` answer the same. */
export interface SessionsBody {
  sessions: { id: string; since: string; seen: string; here: boolean; device: string; strength: Strength }[];
}

/** `GET /api/account`: what one signs in with. */
export interface AccountBody {
  name: string;
  displayName: string;
  hasPassword: boolean;
  passkeys: PasskeyBody[];
  /** False where passkeys cannot be used at the address asked. */
  canMakePasskeys: boolean;
  totp: { since: string; skewSeconds: number } | null;
  recoveryCodes: { left: number; made: string } | null;
  tokens: ApiTokenBody[];
}

export interface PasskeyBody {
  id: string;
  name: string;
  made: string;
  used: string | null;
  isSynced: boolean;
  /** It may exist twice: its counter went back. */
  isSuspect: boolean;
  /** Made under another name than the one asked: it is of no use here. */
  isElsewhere: boolean;
}

export interface ApiTokenBody {
  id: string;
  label: string;
  grants: Grant[];
  made: string;
  until: string;
  used: string | null;
}

/** `POST /api/account/totp/begin`: to scan, or to type; `/confirm {code}` makes it so. */
export interface TotpBody {
  secret: string;
  uri: string;
}

/** `POST /api/people`, `/api/people/invite`, `/api/people/reset`: the link's token, this once. */
export interface InvitedBody {
  person: { id: string; name: string; displayName: string };
  token: string;
  until: string;
}

/** `GET /api/people`. */
export interface PeopleBody {
  people: {
    id: string;
    name: string;
    displayName: string;
    grants: Grant[];
    hasPassword: boolean;
    passkeys: number;
    hasTotp: boolean;
    /** Open now. */
    sessions: number;
    /** A link that still opens. */
    invited: { kind: InvitationKind; until: string } | null;
  }[];
}

/** `GET /api/hospital`: whether the example still stands in the place of a hospital of one's own. */
export interface HospitalBody {
  stands: 'example' | 'own';
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

/** `GET /api/sign-in/providers`: known before anyone signs in. `silent`: it does not answer, take another way. */
export interface ProvidersBody {
  providers: { id: string; label: Words; state: 'unknown' | 'answers' | 'silent' }[];
}

/** `POST /api/sign-in/providers/finish`: `query` is what followed `?` in the address the provider sent the browser back to. */
export interface ProviderAnswerBody {
  provider: string;
  query: string;
}

/** `GET /api/providers/links`, and the answer of the acts on it. */
export interface ProviderLinksBody {
  waiting: { id: string; provider: string; name: string | null; identifier: string | null; askedAt: string }[];
  links: {
    provider: string;
    subject: string;
    person: string;
    source: 'mapping' | 'administrator';
    since: string;
  }[];
}

/** A document to print at once: what it holds is said nowhere else, and not again. */
export interface PaperBody {
  /** PDF, base64. */
  pdf: string;
}

/** `GET /api/ward-cards`: the valid cards of each ward. */
export interface WardCardsBody {
  wards: {
    id: string;
    name: Words;
    cards: {
      id: string;
      madeAt: string;
      expiresAt: string;
      lastUsedAt: string | null;
      /** Used lately from so many places that it may have been copied. */
      manyPlaces: number | null;
    }[];
  }[];
}

/** `POST /api/break-glass/card {code}`: what the card opens. `again`: who opened it in this browser, where it still stands. */
export interface CardOpensBody {
  ward: Words;
  until: string;
  again: string | null;
}

/** `POST /api/break-glass/care {code, name, reason}`, and `/again {code}`. */
export interface CareOpenedBody {
  until: string;
}

/** `GET /api/break-glass/envelopes`: whether a first envelope waits for the second. */
export interface EnvelopesWaitingBody {
  waiting: { envelope: 1 | 2; until: string } | null;
}

/** `POST /api/break-glass/administrative {code, name, reason}`: the first waits, the second opens. */
export type EnvelopeGivenBody = { opened: false; envelope: 1 | 2; until: string } | { opened: true; until: string };

/** `GET /api/break-glass`: what everybody signed in is told of it, and what each has to do about it. */
export interface BreakGlassBody {
  /** This very session was opened by a break-glass. */
  here: { use: string; kind: 'care' | 'administrative'; ward: Words | null; until: string } | null;
  /** Envelopes were opened and are not sealed anew yet. */
  administrative: { since: string; openUntil: string | null } | null;
  /** For those who seal them. */
  envelopes: 'never-sealed' | 'sealed' | 'opened' | 'void' | null;
  /** Cards that may have been copied, for those who renew them. */
  cards: { ward: Words; places: number }[];
  /** For those who review. */
  toReview: number;
}

/** `GET /api/break-glass/reviews`, and the answer of `POST /api/break-glass/review {use, outcome, note}`. */
export interface ReviewsBody {
  pending: {
    id: string;
    kind: 'care' | 'administrative';
    ward: Words | null;
    name: string;
    reason: string;
    from: string;
    openedAt: string;
    endsAt: string;
    endedAt: string | null;
  }[];
  reviewed: {
    id: string;
    kind: 'care' | 'administrative';
    ward: Words | null;
    name: string;
    openedAt: string;
    outcome: 'accepted' | 'questioned';
    note: string;
    by: string | null;
    at: string;
  }[];
}

/** `GET /api/worlds/:world/seal`: on paper, it shows later that nothing before it was changed (`reflexe journal verify --anchor`). */
export interface SealBody {
  code: string;
}

/** `GET /api/worlds/:world/places`: where a right may reach. */
export interface PlacesBody {
  wards: { id: string; name: Words; site: string }[];
  sites: { id: string; name: Words }[];
}

export interface MapBody {
  /** Short references; null before there is one. */
  document: HospitalMap | null;
  /** Of the last event that changed the map; 0 before the first. */
  sequence: number;
}

/** What an edit would make wrong; an error would refuse it. */
export interface MapCheckBody {
  problems: ChangeProblem[];
}

/** One change of the map in its history. */
export interface MapVersionBody extends Omit<MapVersion, 'changes' | 'document' | 'toolBefore'> {
  /** A whole map put in place: it says nothing of what was before, and cannot be taken back. */
  isWhole: boolean;
}

/** Newest first. */
export interface MapHistoryBody {
  versions: MapVersionBody[];
}

/** A page of the things one change of the map touched. */
export interface MapChangesBody {
  count: number;
  from: number;
  changes: readonly MapChange[];
}

/** What an import would change of the map, for a person to look at before anything is. */
export interface ReviewBody extends Pick<Review, 'from' | 'changed' | 'removed' | 'conflicts' | 'problems'> {
  added: (Review['added'][number] & { fields: { field: string; to?: unknown }[] })[];
  /** Of the map it was compared with: sent back when it is applied. */
  sequence: number;
  /** Whether what is missing is taken for gone. */
  isComplete: boolean;
  /** Of a table: what its columns were taken to mean. */
  columns: ColumnMapping | null;
  /** Of a table: what a column may mean, by what the rows are. */
  tables: { [table: string]: { field: string; hasUnit: boolean }[] } | null;
  /** Things the source tells of, and changes that would come of them. */
  told: number;
  changes: number;
  proposed: Proposal[];
  /** What would be wrong with the map once all of it is applied; an error would refuse it. */
  wrong: ChangeProblem[];
  /** Why the whole of it could not be applied as it is. */
  refused: Refusal | null;
}

/** What a loss does, or would do. Components that go on as if nothing had happened are left out. */
export interface WhatIfBody extends Omit<WhatIf, 'components'> {
  /** Of the map it was asked of. */
  sequence: number;
  /** The instant of the loss. */
  at: string;
  components: Omit<WhatIf['components'][number], 'because'>[];
}

/** Where the map is weak, or how far the look at it has come. */
export type WeakPointsBody = { sequence: number } & (
  | { state: 'computing'; functions: number; done: number }
  | { state: 'stopped' }
  | { state: 'failed'; refusal: Refusal }
  | (Omit<WeakPoints, 'trees'> & {
      state: 'found';
      /** Sets of more failures at once were not looked for. */
      orderMax: number;
      trees: Omit<WeakPoints['trees'][number], 'seconds'>[];
      /** How often components fail, and who says so. */
      rates: { id: string; failuresPerYear: number; repairSeconds: number; source: string }[];
    })
);
