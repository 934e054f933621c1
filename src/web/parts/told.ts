import type { Refusal } from '../../journal/result.ts';
import { entry } from '../../words/entry.ts';
import type { Catalogue } from '../../words/fr.ts';

/** A refusal in the reader's words where the catalogue knows its code, in the server's own (English) otherwise. */
export function told(refusal: Refusal, t: Catalogue): { what: string; cure: string | undefined; known: boolean } {
  const known: { what: string; cure?: string } | undefined =
    entry(t.refusals, refusal.code) ??
    entry(t.accessRefusals, refusal.code) ??
    entry(t.mapRefusals, refusal.code) ??
    entry(t.backupRefusals, refusal.code);
  if (known === undefined) return { what: refusal.message, cure: refusal.cure, known: false };
  return { what: known.what, cure: known.cure, known: true };
}
