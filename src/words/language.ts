import type { Words } from '../map/model.ts';

export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

/** How one person reads: in which language, and in whose local time (the establishment's, never the device's). */
export interface Reading {
  language: Language;
  timeZone: string;
}

/** A text the hospital wrote: English falls back to French where it wrote only one. */
export const inLanguage = (words: Words, language: Language): string =>
  language === 'en' ? (words.en ?? words.fr) : words.fr;
