import type { Words } from '../map/model.ts';

/** Free text as it goes into an event's private part. `words`: a story's text in each of its languages, beside `text`. */
export type PrivateText = { text: string } | { text: string; words: { [language: string]: string } };

/** What is said, as private data: as typed, or with each of the languages a story wrote it in. */
export function privateText(said: string | Words): PrivateText {
  if (typeof said === 'string') return { text: said.trim() };
  const { fr, en } = said;
  return { text: fr.trim(), words: en === undefined ? { fr } : { fr, en } };
}
