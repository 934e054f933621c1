import type { Command } from 'commander';
import { verifyFolder as verify } from '../adapters/sqlite/verifyFolder.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { headText, parseHead } from '../journal/verify.ts';
import { answer, language, progress } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface JournalVerdict {
  ok: boolean;
  entries: number;
  epoch: number;
  /** EPOCH:SEQUENCE:HASH of the last whole entry: kept outside, it is the next verification's anchor. */
  head: string;
  firstBad?: { sequence: number; reason: string };
  checkpoints: { examined: number; lastSequence: number; keys: string[] };
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
function sayProgress(entries: number): void {
  if (entries % progressEvery !== 0) return;
  const count = entries.toLocaleString(language());
  progress({ fr: `${count} entrées vérifiées…`, en: `${count} entries verified…` });
}

/** Verifies the journal in `folder`; `anchor` is EPOCH:SEQUENCE:HASH as an earlier verification printed it. */
export async function verifyFolder(folder: string, anchor?: string): Promise<Result<JournalVerdict>> {
  const known = anchor === undefined ? undefined : parseHead(anchor);
  if (anchor !== undefined && known === undefined) {
    return refuse('anchor-unreadable', `“${anchor}” is not an anchor.`, {
      where: '--anchor',
      expected: 'EPOCH:SEQUENCE:HASH, as `reflexe journal verify` prints it under "head"',
    });
  }
  const verdict = await verify(folder, known, sayProgress);
  if (!verdict.ok) return verdict;
  const { ok, entries, head, firstBad, checkpoints, anchored, storage } = verdict.value;
  return accept({
    ok,
    entries,
    epoch: head.epoch,
    head: headText(head),
    ...(firstBad && { firstBad }),
    checkpoints,
    anchored,
    storage,
    note: anchored ? notes.anchored : notes.unanchored,
  });
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'journal verify', 'journal verify data/journal --anchor 1:4211:9f2c…')
    .argument('<folder>', french ? 'le dossier du journal' : "the journal's folder")
    .option(
      '--anchor <epoch:sequence:hash>',
      french
        ? 'une tête notée ailleurs lors d’une vérification précédente'
        : 'a head noted elsewhere at an earlier verification',
    )
    .action(async (folder: string, { anchor }: { anchor?: string }, command: Command) => {
      answer(command, await verifyFolder(folder, anchor), rendered);
    });
}

function rendered(verdict: JournalVerdict, inLanguage: Language): string {
  const { ok, entries, head, firstBad, checkpoints, anchored, storage } = verdict;
  if (inLanguage === 'fr') {
    return [
      ok ? `Journal intact : ${entries} entrées.` : `Journal NON intact : ${entries} entrées intactes.`,
      ...(firstBad ? [`Première anomalie : entrée ${firstBad.sequence} (${firstBad.reason}).`] : []),
      ...(storage === 'ok' ? [] : [`Fichier : ${storage}`]),
      `Tête : ${head}`,
      `Points de contrôle signés : ${checkpoints.examined}, dernier à l’entrée ${checkpoints.lastSequence}.`,
      anchored
        ? 'Vérifié contre l’ancre : rien n’a pu être coupé ni rescellé jusqu’à elle.'
        : 'Sans ancre gardée ailleurs, une fin coupée ou une chaîne rescellée ne peuvent être vues : notez la tête ailleurs.',
    ].join('\n');
  }
  return [
    ok ? `The journal is whole: ${entries} entries.` : `The journal is NOT whole: ${entries} whole entries.`,
    ...(firstBad ? [`First fault: entry ${firstBad.sequence} (${firstBad.reason}).`] : []),
    ...(storage === 'ok' ? [] : [`File: ${storage}`]),
    `Head: ${head}`,
    `Signed checkpoints: ${checkpoints.examined}, the last at entry ${checkpoints.lastSequence}.`,
    anchored ? verdict.note : `${verdict.note} Note the head elsewhere.`,
  ].join('\n');
}
