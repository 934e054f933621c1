import { entry } from '../../words/entry.ts';
import type { Catalogue } from '../../words/fr.ts';

/** What established a state, as a sentence: `Serveur d'application : ne répond plus`. */
export function reason(
  because: { code: string; component?: string },
  name: (reference: string) => string,
  t: Catalogue,
): string {
  const said = entry(t.care.because, because.code) ?? t.care.becauseOther(because.code);
  return because.component === undefined ? capital(said) : `${name(because.component)}${t.parts.colon} ${said}`;
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
