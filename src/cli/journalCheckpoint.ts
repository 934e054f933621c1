import type { Command } from 'commander';
import { offer, readAnswerFile, sinceLast, writeRequest } from '../adapters/countersign/exchange.ts';
import { addReceived } from '../adapters/countersign/received.ts';
import { readFolder } from '../adapters/sqlite/readFolder.ts';
import { countersignatureIsGenuine } from '../journal/countersign.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { headText } from '../journal/verify.ts';
import { answer, language } from './answer.ts';
import { journalSigner } from './journalKeys.ts';
import { verb } from './verb.ts';

interface Options {
  out?: string;
  add?: string;
  since?: string;
}

type Exchanged =
  | { ok: true; file: string; checkpoint: string; since: number; left: number }
  | { ok: true; added: boolean; site: string; checkpoint: string };

export async function exchange(folder: string, options: Options): Promise<Result<Exchanged>> {
  const { out, add, since } = options;
  if (out !== undefined && add === undefined) return send(folder, out, since);
  if (add !== undefined && out === undefined) return receive(folder, add);
  return refuse('usage', 'Give either --out FILE, to ask another site, or --add FILE, to keep its answer.', {
    cure: 'reflexe journal checkpoint --help',
  });
}

function send(folder: string, out: string, since: string | undefined): Promise<Result<Exchanged>> {
  return readFolder(
    folder,
    () => undefined,
    async (reader, _, where) => {
      if (since !== undefined && !/^\d{1,15}$/.test(since)) {
        return refuse('usage', `“${since}” is no entry's number.`, { where: '--since', expected: 'a sequence number' });
      }
      const from = sinceLast(where, reader, since === undefined ? undefined : Number(since));
      if (!from.ok) return from;
      const offered = offer(where, reader, from.value, new Date().toISOString(), await journalSigner(where));
      if (!offered.ok) return offered;
      const { request, left } = offered.value;
      await writeRequest(out, request);
      return accept({
        ok: true,
        file: out,
        checkpoint: headText(request.checkpoint),
        since: from.value.sequence,
        left,
      });
    },
  );
}

async function receive(folder: string, file: string): Promise<Result<Exchanged>> {
  const read = await readAnswerFile(file);
  if (!read.ok) return read;
  const one = read.value;
  const { checkpoint, site } = one;
  const kept = 'nothing was added';
  if (!countersignatureIsGenuine(one)) {
    return refuse('countersignature-not-genuine', 'This countersignature is not signed by the keys it names.', {
      where: file,
      kept,
      cure: 'Ask the other site for the file again.',
    });
  }
  return readFolder(
    folder,
    () => undefined,
    async (reader, _, where) => {
      const [entry] = reader.stored(checkpoint.sequence - 1, 1);
      const same = entry?.sequence === checkpoint.sequence && entry.hash === checkpoint.hash;
      if (!same || entry.epoch !== checkpoint.epoch) {
        return refuse('countersignature-other-journal', `This journal does not hold what ${site} countersigned.`, {
          where: headText(checkpoint),
          expected: `an entry ${checkpoint.sequence} of ${checkpoint.establishment} with that hash`,
          kept,
          cure: 'Check the folder. If it is the right one, this journal was altered: run `reflexe journal verify`.',
        });
      }
      const added = await addReceived(where, one);
      return accept({ ok: true, added, site, checkpoint: headText(checkpoint) });
    },
  );
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'journal checkpoint', 'journal checkpoint data/journal --out for-the-other-site.json')
    .argument('<folder>', french ? 'le dossier du journal' : "the journal's folder")
    .option(
      '--out <file>',
      french ? 'écrit ce qu’un autre site doit contresigner' : 'write what another site is to countersign',
    )
    .option('--add <file>', french ? 'garde la réponse de l’autre site' : "keep the other site's answer")
    .option(
      '--since <sequence>',
      french
        ? 'montre les entrées depuis celle-ci (sinon : depuis la dernière contresignée)'
        : 'show the entries since this one (else: since the last countersigned)',
    )
    .action(async (folder: string, options: Options, command: Command) => {
      answer(command, await exchange(folder, options), (done, inLanguage) => {
        const fr = inLanguage === 'fr';
        if ('file' in done) {
          const more = fr
            ? `\n${done.left} entrées plus récentes n’y sont pas encore.`
            : `\n${done.left} newer entries are not in it yet.`;
          const text = fr
            ? `${done.file} : à faire contresigner par un autre site (${done.checkpoint}).`
            : `${done.file}: to be countersigned by another site (${done.checkpoint}).`;
          return text + (done.left > 0 ? more : '');
        }
        if (!done.added)
          return fr ? 'Cette contresignature était déjà là.' : 'This countersignature was there already.';
        return fr
          ? `Contresignature de ${done.site} ajoutée (${done.checkpoint}).`
          : `Countersignature of ${done.site} added (${done.checkpoint}).`;
      });
    });
}
