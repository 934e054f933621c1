import { bytes, number } from '../words/format.ts';
import type { Language } from './language.ts';

/** As the clock on the wall has it, on this machine: `2026-03-15 02:00`, in an order that sorts. */
export function momentShown(time: string): string {
  // Made when first asked: loading the language's data takes as long as all the rest of starting.
  wall ??= new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
  return wall.format(new Date(time));
}

let wall: Intl.DateTimeFormat | undefined;

/** `1 204 fichiers, 1,2 Go`. */
export function filesShown(files: number, size: number, language: Language): string {
  const one = { fr: 'fichier', en: 'file' }[language];
  const several = language === 'fr' ? files > 1 : files !== 1;
  return `${number(files, language)} ${one}${several ? 's' : ''}, ${bytes(size, language)}`;
}
