import { bytes, number } from '../words/format.ts';
import type { Language } from './language.ts';

/** As the clock on the wall has it, on this machine: `2026-03-15 02:00`, in an order that sorts. */
export const momentShown = (time: string): string => wall.format(new Date(time));

const wall = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

/** `1 204 fichiers, 1,2 Go`. */
export function filesShown(files: number, size: number, language: Language): string {
  const one = { fr: 'fichier', en: 'file' }[language];
  const several = language === 'fr' ? files > 1 : files !== 1;
  return `${number(files, language)} ${one}${several ? 's' : ''}, ${bytes(size, language)}`;
}
