import { anchorFrom } from '../adapters/countersign/exchange.ts';
import { type FolderVerdict, verifyFolder as verify } from '../adapters/sqlite/verifyFolder.ts';
import { codeOf } from '../journal/code.ts';
import { accept, type Result } from '../journal/result.ts';
import { headText } from '../journal/verify.ts';
import { language, progress } from './answer.ts';
import type { Language } from './language.ts';

/** What `journal verify` and the stand-alone verifier answer. */
export interface JournalVerdict {
  ok: boolean;
  entries: number;
  epoch: number;
  /** EPOCH:SEQUENCE:HASH of the last whole entry: kept outside, it is the next verification's anchor. */
  head: string;
  /** The same, as it is printed and read over the phone. */
  code: string;
  firstBad?: { sequence: number; reason: string };
  checkpoints: { examined: number; lastSequence: number; keys: string[] };
  countersigned: FolderVerdict['countersigned'];
  anchored: boolean;
  storage: string;
  /** What this verification cannot see. */
  note: string;
}

const notes = {
  anchored: 'Verified against the anchor: entries up to it cannot have been cut or sealed again.',
  unanchored:
    'Without an anchor kept outside, a tail cut after the last checkpoint, or a chain sealed again with new checkpoints, cannot be seen.',
};

/** A large journal takes a while: said every so many entries. */
const progressEvery = 200_000;
export function sayProgress(entries: number): void {
  if (entries % progressEvery !== 0) return;
  const count = entries.toLocaleString(language());
  progress({ fr: `${count} entrées vérifiées…`, en: `${count} entries verified…` });
}

export function verdictOf(verdict: FolderVerdict): JournalVerdict {
  const { ok, entries, head, firstBad, checkpoints, anchored, storage, countersigned } = verdict;
  return {
    ok,
    entries,
    epoch: head.epoch,
    head: headText(head),
    code: codeOf(head),
    ...(firstBad && { firstBad }),
    checkpoints,
    countersigned,
    anchored,
    storage,
    note: anchored ? notes.anchored : notes.unanchored,
  };
}

/** Verifies the journal in `folder`; `anchor` is EPOCH:SEQUENCE:HASH, a printed code, or the file of a countersignature. */
export async function verifyFolder(folder: string, anchor?: string): Promise<Result<JournalVerdict>> {
  const known = anchor === undefined ? accept(undefined) : await anchorFrom(anchor);
  if (!known.ok) return { ok: false, refusal: { where: '--anchor', ...known.refusal } };
  const verdict = await verify(folder, known.value, sayProgress);
  return verdict.ok ? accept(verdictOf(verdict.value)) : verdict;
}

export function rendered(verdict: JournalVerdict, inLanguage: Language): string {
  const { ok, entries, head, code, firstBad, checkpoints, anchored, storage, countersigned } = verdict;
  if (inLanguage === 'fr') {
    return [
      ok ? `Journal intact : ${entries} entrées.` : `Journal NON intact : ${entries} entrées intactes.`,
      ...(firstBad ? [`Première anomalie : entrée ${firstBad.sequence} (${firstBad.reason}).`] : []),
      ...(storage === 'ok' ? [] : [`Fichier : ${storage}`]),
      `Tête : ${head}`,
      `Code à noter : ${code}`,
      `Points de contrôle signés : ${checkpoints.examined}, dernier à l’entrée ${checkpoints.lastSequence}.`,
      ...countersigned.map((one) => `Contresigné par ${one.site} jusqu’à l’entrée ${one.sequence} (${one.time}).`),
      anchored
        ? 'Vérifié contre l’ancre : rien n’a pu être coupé ni rescellé jusqu’à elle.'
        : 'Sans ancre gardée ailleurs, une fin coupée ou une chaîne rescellée ne peuvent être vues : notez le code ailleurs.',
    ].join('\n');
  }
  return [
    ok ? `The journal is whole: ${entries} entries.` : `The journal is NOT whole: ${entries} whole entries.`,
    ...(firstBad ? [`First fault: entry ${firstBad.sequence} (${firstBad.reason}).`] : []),
    ...(storage === 'ok' ? [] : [`File: ${storage}`]),
    `Head: ${head}`,
    `Code to note: ${code}`,
    `Signed checkpoints: ${checkpoints.examined}, the last at entry ${checkpoints.lastSequence}.`,
    ...countersigned.map((one) => `Countersigned by ${one.site} up to entry ${one.sequence} (${one.time}).`),
    anchored ? verdict.note : `${verdict.note} Note the code elsewhere.`,
  ].join('\n');
}
