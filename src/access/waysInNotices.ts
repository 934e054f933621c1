/**
 * Who came in otherwise than by an account of Reflexe's own, and what was done about it: in ids only, beside `AccessNotice`,
 * so that whoever wires the hub journals it as it happens. Names, reasons and notes stay in the erasable store.
 */
export type WaysInNotice =
  | { type: 'wardCardMade'; card: string; ward: string; by: string }
  | { type: 'wardCardEnded'; card: string; ward: string; by: string; why: 'renewed' | 'revoked' }
  | { type: 'wardCardSeenInManyPlaces'; card: string; ward: string; places: number }
  | { type: 'careBreakGlassOpened'; use: string; ward: string; card: string; person: string; until: string }
  | { type: 'envelopesSealed'; set: string; by: string }
  /** One envelope of two was opened: nothing is open yet, and everybody is told. */
  | { type: 'envelopeUsed'; set: string; envelope: 1 | 2 }
  | { type: 'administrativeBreakGlassOpened'; use: string; set: string; person: string; until: string }
  | { type: 'breakGlassEnded'; use: string; why: 'time' | 'closed' }
  | { type: 'breakGlassReviewed'; use: string; by: string; outcome: 'accepted' | 'questioned' }
  | { type: 'personAdded'; person: string; by: string | null }
  /** `by`: the administrator who decided; null where the mapping of the provider's claims did. */
  | { type: 'providerLinked'; provider: string; person: string; by: string | null }
  | { type: 'providerUnlinked'; provider: string; person: string; by: string }
  | { type: 'providerSubjectWaits'; provider: string; waiting: string };

/** Called once the fact is durable in its store; never throws. */
export type OnWaysIn = (notice: WaysInNotice) => void;
