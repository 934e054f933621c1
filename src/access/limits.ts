import type { Role } from './roles.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Every bound of access, with its reason. */
export const accessLimits = {
  /** A one-time link left on a screen or in a terminal's history must not open the door the next week. */
  firstLinkMilliseconds: 24 * hour,
  /** Presence is written this often at most: each write is an fsync. */
  seenEveryMilliseconds: 1 * minute,
  /** A token that leaked from a browser serves for an hour of its owner's use at most. */
  tokenMilliseconds: 1 * hour,
  /** Requests that were under way when the token changed still carry the former one. */
  formerTokenMilliseconds: 1 * minute,
  /** A sensitive act follows a proof of who one is by this much at most. */
  recentProofMilliseconds: 10 * minute,
  /** The oldest session ends when a person opens one more. */
  sessionsPerPerson: 20,
  devicesPerPerson: 20,
  passkeysPerPerson: 20,
  /** A person on leave finds their link still good; one printed and forgotten does not stay so. */
  invitationMilliseconds: 72 * hour,
  /** Between a right password and its code: time to find the telephone. */
  secondFactorMilliseconds: 5 * minute,
  /** Codes tried after one right password: then the password again, with its own delays. */
  secondFactorTries: 5,
  /** A program's token is renewed once a year at least. */
  apiTokenDaysMax: 365,
  apiTokensPerPerson: 20,
  /** NIST SP 800-63B and OWASP ASVS 5.0 6.2: length is what counts, no composition rules. */
  passwordCharactersMin: 12,
  passwordCharactersMax: 256,
  nameCharactersMax: 100,
} as const;
export type AccessLimits = { readonly [name in keyof typeof accessLimits]: number };

export interface SessionRule {
  /** Without presence for so long, one proves again who one is. */
  idleMilliseconds: number;
  /** From the full sign-in, whatever happens since. */
  absoluteMilliseconds: number;
  /** `acts`: only what a hand does counts; a screen left open on a shared desk does not. */
  presence: 'anything' | 'acts';
}

/** A crisis does not throw people out every few hours; a stolen cookie does not last. */
const atWork: SessionRule = { idleMilliseconds: 8 * hour, absoluteMilliseconds: 72 * hour, presence: 'anything' };
/** Shared desks: whoever walks away is out soon, and back in one gesture until the end of the shift. */
const atBedside: SessionRule = { idleMilliseconds: 15 * minute, absoluteMilliseconds: 12 * hour, presence: 'acts' };

export const sessionRules: { readonly [role in Role]: SessionRule } = {
  administrator: { idleMilliseconds: 4 * hour, absoluteMilliseconds: 24 * hour, presence: 'anything' },
  crisisDirector: atWork,
  ciso: atWork,
  /** On call: a night and the day after it, on a laptop of one's own. */
  technician: { idleMilliseconds: 12 * hour, absoluteMilliseconds: 72 * hour, presence: 'anything' },
  clinician: atBedside,
  technicalService: atWork,
  hostingOperator: atWork,
  regionalAgency: { idleMilliseconds: 4 * hour, absoluteMilliseconds: 24 * hour, presence: 'anything' },
  staff: atBedside,
  auditor: { idleMilliseconds: 1 * hour, absoluteMilliseconds: 12 * hour, presence: 'acts' },
};

/** Of several roles the strictest counts; of none, the strictest there is. */
export function sessionRuleOf(roles: readonly Role[]): SessionRule {
  const rules = roles.length > 0 ? roles.map((role) => sessionRules[role]) : Object.values(sessionRules);
  return {
    idleMilliseconds: Math.min(...rules.map(({ idleMilliseconds }) => idleMilliseconds)),
    absoluteMilliseconds: Math.min(...rules.map(({ absoluteMilliseconds }) => absoluteMilliseconds)),
    presence: rules.some(({ presence }) => presence === 'acts') ? 'acts' : 'anything',
  };
}

/** No session outlasts this, whoever's it is: what is older may be erased, and no cookie lives longer. */
export const sessionMillisecondsMax = Math.max(
  ...Object.values(sessionRules).map(({ absoluteMilliseconds }) => absoluteMilliseconds),
);
