#!/usr/bin/env node
import { statSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { anchorFrom } from '../adapters/countersign/exchange.ts';
import { verifyExport } from '../adapters/exportFile/read.ts';
import { lastOfEachSite } from '../adapters/sqlite/verifyFolder.ts';
import { codeOf } from '../journal/code.ts';
import { keyName } from '../journal/exportFile.ts';
import type { ExportVerdict } from '../journal/exportVerifier.ts';
import { accept, Refused, type Result, refuse } from '../journal/result.ts';
import { headText } from '../journal/verify.ts';
import { language, progress, refused } from './answer.ts';
import { rendered, sayProgress, verifyFolder } from './journalVerdict.ts';
import type { Language } from './language.ts';

/**
 * The stand-alone verifier: an auditor runs this one file with any Node, far from the hospital and without Reflexe. The
 * build makes `reflexe-verify.mjs` of it, from the very code the hub seals and verifies with.
 */
const usage = {
  fr: `node reflexe-verify.mjs EXPORT|DOSSIER [--anchor ANCRE] [--key CLÉ] [--json] [--lang fr|en]

Vérifie un export signé (reflexe journal export), ou le dossier d’un journal (Node 24 ou plus récent).
  --anchor ANCRE  ce qui fut noté ailleurs : ÉPOQUE:ENTRÉE:EMPREINTE, un code imprimé, ou le fichier d’une contresignature
  --key CLÉ       la clé publique attendue d’un export (base64), ou son nom court
  --json          répond par un seul document JSON
Exemple : node reflexe-verify.mjs journal.jsonl --anchor 1-4211-7QF3-…`,
  en: `node reflexe-verify.mjs EXPORT|FOLDER [--anchor ANCHOR] [--key KEY] [--json] [--lang fr|en]

Verifies a signed export (reflexe journal export), or the folder of a journal (Node 24 or newer).
  --anchor ANCHOR  what was noted elsewhere: EPOCH:SEQUENCE:HASH, a printed code, or the file of a countersignature
  --key KEY        the public key expected of an export (base64), or its short name
  --json           answers with exactly one JSON document
Example: node reflexe-verify.mjs journal.jsonl --anchor 1-4211-7QF3-…`,
};

interface Given {
  path: string;
  anchor?: string | undefined;
  key?: string | undefined;
  json: boolean;
}

function given(): Given | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        anchor: { type: 'string' },
        key: { type: 'string' },
        json: { type: 'boolean', default: false },
        lang: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [path, ...rest] = positionals;
    if (values.help || path === undefined || rest.length > 0) return undefined;
    return { path, anchor: values.anchor, key: values.key, json: values.json };
  } catch {
    return undefined;
  }
}

/** What a verification of an export answers, in JSON. */
function exportDocument(verdict: ExportVerdict, expectedKey: string | undefined) {
  const { ok, entries, head, after, firstBad, checkpoints, anchored, countersignatures, signedBy, ...rest } = verdict;
  const keyMatches = expectedKey === undefined ? null : [signedBy, keyName(signedBy)].includes(expectedKey);
  return {
    ok: ok && keyMatches !== false,
    entries,
    epoch: head.epoch,
    from: after.sequence + 1,
    head: headText(head),
    code: codeOf(head),
    ...(firstBad && { firstBad }),
    checkpoints,
    countersigned: lastOfEachSite(countersignatures),
    anchored,
    establishment: rest.establishment,
    made: rest.made,
    withPrivate: rest.withPrivate,
    signedBy,
    keyName: signedBy === '' ? '' : keyName(signedBy),
    keyMatches,
    note: exportNote(anchored, keyMatches),
  };
}

function exportNote(anchored: boolean, keyMatches: boolean | null): string {
  if (keyMatches === false) return 'This export is signed by another key than the one expected.';
  if (anchored) return 'Verified against the anchor: entries up to it cannot have been cut or sealed again.';
  if (keyMatches) return 'Signed by the key expected. Who holds that key could still have written another history.';
  return 'Whole, and signed by the key it names. Without an anchor or a key known from elsewhere, anybody could have made it so.';
}

function renderedExport(document: ReturnType<typeof exportDocument>, inLanguage: Language): string {
  const { ok, entries, firstBad, establishment, made, head, code, countersigned } = document;
  const fr = inLanguage === 'fr';
  const place = firstBad && `${firstBad.line}${firstBad.lastLine === undefined ? '' : `–${firstBad.lastLine}`}`;
  const lines = fr
    ? [
        ok ? `Export intact : ${entries} entrées de ${establishment}.` : 'Export NON intact.',
        ...(firstBad ? [`Première anomalie : ligne ${place} (${firstBad.reason}).`] : []),
        `Fait le ${made}, signé par la clé ${document.keyName}.`,
        `Tête : ${head}`,
        `Code : ${code}`,
        ...countersigned.map((one) => `Contresigné par ${one.site} jusqu’à l’entrée ${one.sequence}.`),
      ]
    : [
        ok ? `The export is whole: ${entries} entries of ${establishment}.` : 'The export is NOT whole.',
        ...(firstBad ? [`First fault: line ${place} (${firstBad.reason}).`] : []),
        `Made at ${made}, signed by key ${document.keyName}.`,
        `Head: ${head}`,
        `Code: ${code}`,
        ...countersigned.map((one) => `Countersigned by ${one.site} up to entry ${one.sequence}.`),
      ];
  return [...lines, document.note].join('\n');
}

async function examine({ path, anchor, key }: Given): Promise<Result<{ ok: boolean; text: string; document: object }>> {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    return refuse('export-unreadable', `There is nothing at ${path}.`, { where: path, cure: 'Check the path.' });
  }
  const inLanguage = language();
  if (isFolder) {
    if (process.getBuiltinModule('node:sqlite') === undefined) {
      return refuse('node-too-old', `Node ${process.versions.node} cannot read a journal's folder.`, {
        expected: 'Node 24 or newer (22.13 will do); an export needs only Node 20.16',
      });
    }
    const verdict = await verifyFolder(path, anchor);
    if (!verdict.ok) return verdict;
    return accept({ ok: verdict.value.ok, text: rendered(verdict.value, inLanguage), document: verdict.value });
  }
  const known = anchor === undefined ? accept(undefined) : await anchorFrom(anchor);
  if (!known.ok) return known;
  const verdict = await verifyExport(path, known.value, sayProgress);
  if (!verdict.ok) return verdict;
  const document = exportDocument(verdict.value, key);
  return accept({ ok: document.ok, text: renderedExport(document, inLanguage), document });
}

const asked = given();
if (asked === undefined) {
  progress(usage);
  process.exitCode = process.argv.includes('--help') || process.argv.includes('-h') ? 0 : 2;
} else {
  const outcome = await examine(asked).catch((error: unknown): Result<never> => {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    return refuse('unexpected', error instanceof Error ? error.message : String(error));
  });
  if (outcome.ok) {
    process.stdout.write(`${asked.json ? JSON.stringify(outcome.value.document) : outcome.value.text}\n`);
    process.exitCode = outcome.value.ok ? 0 : 1;
  } else refused(outcome.refusal, asked.json);
}
