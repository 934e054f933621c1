const minute = 60_000;
const hour = 60 * minute;

/** Every bound of access, with its reason. */
export const accessLimits = {
  /** A one-time link left on a screen or in a terminal's history must not open the door the next week. */
  firstLinkMilliseconds: 24 * hour,
  /** A shift of care work without a glance at the screen; an open feed counts as presence. */
  sessionIdleMilliseconds: 8 * hour,
  /** Three days: a crisis does not throw people out every few hours, a stolen cookie does not last. */
  sessionAbsoluteMilliseconds: 72 * hour,
  /** Presence is written this often at most: each write is an fsync. */
  seenEveryMilliseconds: 5 * minute,
  /** The oldest session ends when a person opens one more. */
  sessionsPerPerson: 20,
  devicesPerPerson: 20,
  /** NIST SP 800-63B and OWASP ASVS 5.0 6.2: length is what counts, no composition rules. */
  passwordCharactersMin: 12,
  passwordCharactersMax: 256,
  nameCharactersMax: 100,
} as const;
export type AccessLimits = { readonly [name in keyof typeof accessLimits]: number };
