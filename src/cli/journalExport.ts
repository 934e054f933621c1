import type { Command } from 'commander';
import { readReceived } from '../adapters/countersign/received.ts';
import { type Exported, writeExport } from '../adapters/exportFile/write.ts';
import { readFolder } from '../adapters/sqlite/readFolder.ts';
import { keyName } from '../journal/exportFile.ts';
import { accept, type Result } from '../journal/result.ts';
import { answer, language, progress } from './answer.ts';
import { journalKeys } from './journalKeys.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface Options {
  out: string;
  from?: string;
  to?: string;
  withPrivate?: boolean;
}

interface Done extends Exported {
  ok: true;
  withPrivate: boolean;
  signedBy: string;
}

/** Writes a signed export of the journal in `folder`; keys of private parts only where `withPrivate` asks for them. */
export function exportJournal(folder: string, { out, from, to, withPrivate = false }: Options): Promise<Result<Done>> {
  return readFolder(folder, readReceived, async (reader, received, where) => {
    const keys = await journalKeys(where);
    if (!keys.ok) return keys;
    const { signer, openKeys } = keys.value;
    const opened = withPrivate ? openKeys() : undefined;
    try {
      const keyOf = opened === undefined ? undefined : (keyId: string) => opened.find(keyId);
      const now = new Date().toISOString();
      const written = await writeExport({ reader, received, signer, file: out, from, to, keyOf, now });
      if (!written.ok) return written;
      return accept({ ok: true, ...written.value, withPrivate, signedBy: signer.publicKey });
    } finally {
      opened?.close();
    }
  });
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'journal export', 'journal export data/journal --out journal.jsonl --from 2026-11-22')
    .argument('<folder>', french ? 'le dossier du journal' : "the journal's folder")
    .requiredOption('--out <file>', french ? 'le fichier à écrire' : 'the file to write')
    .option('--from <entry|date>', french ? 'première entrée, ou date' : 'first entry, or date')
    .option('--to <entry|date>', french ? 'dernière entrée, ou date de fin' : 'last entry, or end date')
    .option(
      '--with-private',
      french
        ? 'joint les clés des parties privées : qui tient le fichier les lit, même effacées ici ensuite'
        : 'add the keys of private parts: whoever holds the file reads them, even once erased here',
    )
    .action(async (folder: string, options: Options, command: Command) => {
      if (options.withPrivate === true) {
        progress({
          fr: 'Attention : ce fichier contiendra des données personnelles en clair pour qui le tient. Chiffrez-le pour son destinataire.',
          en: 'Mind: whoever holds this file will read personal data in it. Encrypt it for its addressee.',
        });
      }
      answer(command, await exportJournal(folder, options), rendered);
    });
}

const rendered = ({ file, entries, from, to, head, signedBy }: Done, inLanguage: Language): string =>
  inLanguage === 'fr'
    ? `${file} : ${entries} entrées (${from} à ${to}), signées.\nTête : ${head}\nClé : ${keyName(signedBy)}`
    : `${file}: ${entries} entries (${from} to ${to}), signed.\nHead: ${head}\nKey: ${keyName(signedBy)}`;
