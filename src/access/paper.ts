import type { Words } from '../map/model.ts';

/** What stands on every sheet. */
export interface Letterhead {
  establishment: Words;
  language: 'fr' | 'en';
  /** The address people open: `https://reflexe.hopital.example`. */
  origin: string;
  timeZone: string;
  /** Milliseconds since 1970. */
  printedAt: number;
}

export interface PrintedCard {
  ward: Words;
  code: string;
  expiresAt: number;
}

/** Ways in on paper, as PDF: the codes are in the answer and nowhere else. */
export interface PaperPrinter {
  /** A6 cards, four to a sheet of A4 with its cutting marks. */
  wardCards(cards: readonly PrintedCard[], head: Letterhead): Promise<Uint8Array>;
  /** One sheet each, folded in three into an envelope, the code inside. */
  envelopes(codes: readonly [string, string], head: Letterhead): Promise<Uint8Array>;
}
