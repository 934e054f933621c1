import type { Refusal } from '../../journal/result.ts';
import { entry } from '../../words/entry.ts';
import type { Catalogue } from '../../words/fr.ts';

/** What a code of refusal means, in the reader's words; undefined where no catalogue knows it. */
export const refusalWords = (code: string, t: Catalogue): { what: string; cure?: string } | undefined =>
  entry(t.refusals, code) ??
  entry(t.accessRefusals, code) ??
  entry(t.mapRefusals, code) ??
  entry(t.backupRefusals, code);

/** A refusal in the reader's words where the catalogue knows its code, in the server's own (English) otherwise. */
export function told(refusal: Refusal, t: Catalogue): { what: string; cure: string | undefined; known: boolean } {
  const known = refusalWords(refusal.code, t);
  if (known === undefined) return { what: refusal.message, cure: refusal.cure, known: false };
  return { what: known.what, cure: known.cure, known: true };
}
