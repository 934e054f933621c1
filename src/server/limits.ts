import { heartbeatSeconds } from './protocol.ts';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Every bound of the door, with its reason (ARCHITECTURE, rule 15). */
export const serverLimits = {
  /** The longest form is a crisis log entry; documents will have a route and a bound of their own. */
  bodyBytes: 256 * kibibyte,
  /** No body of ours is deeper than this; a validator that recurses must not meet a million brackets. */
  bodyNesting: 32,
  /** Node's own default, stated: cookies and one event id fit many times. */
  headerBytes: 16 * kibibyte,
  /** A client that dribbles its headers or body holds a socket no longer than this. */
  headersMilliseconds: 10_000,
  requestMilliseconds: 30_000,
  /** A socket on which nothing moves either way; feeds beat more often. */
  idleSocketMilliseconds: 60_000,
  connections: 5_000,
  /** A ward behind one address, a site behind one NAT; a proxy on this machine is not counted. */
  connectionsPerAddress: 1_000,
  /** Begun and not over: each costs a signature and some tens of kilobytes before anyone is known. */
  handshakes: 512,
  handshakeMilliseconds: 10_000,
  /** Of the listener that only shows the way to HTTPS. */
  redirectConnections: 200,
  /** A browser keeps one open between two clicks; longer only holds memory. */
  keepAliveMilliseconds: 65_000,
  /** Asked before the first is answered, on one connection: browsers and proxies ask one at a time. */
  requestsInFlightPerConnection: 16,
  /** Names and values; browsers send some twenty. */
  headers: 100,
  /** An answer of which less leaves in each round than this is not being read: two rounds, and it is cut. */
  answerBytesPerRound: 4 * kibibyte,
  answerRoundMilliseconds: 10_000,
  /** A stolen ticket key opens an hour of resumptions, and no past connection. */
  ticketMilliseconds: 3_600_000,
  /** A whole hospital may stand behind one address; a person at work makes some tens. */
  requestsPerMinutePerAddress: 6_000,
  requestsPerMinutePerSession: 1_200,
  /** Tabs of one person; browsers open six connections at most to one host anyway. */
  feedsPerSession: 12,
  feeds: 2_000,
  viewsPerFeed: 16,
  /** Unread bytes a follower may leave with us when something new comes; past it, it is cut and resumes by number. */
  unreadBytesMax: mebibyte,
  /** What a view keeps for those who come back: some minutes of a busy crisis. */
  keptMessages: 256,
  keptBytes: 4 * mebibyte,
  /** Between two computations of one view: a screen needs no more than twenty pictures a second. */
  viewPauseMilliseconds: 50,
  heartbeatMilliseconds: heartbeatSeconds * 1000,
} as const;
export type ServerLimits = { readonly [name in keyof typeof serverLimits]: number };
