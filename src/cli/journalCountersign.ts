import type { Command } from 'commander';
import { establishmentOf, readRequestFile, writeAnswer } from '../adapters/countersign/exchange.ts';
import { hasRegister, openRegister } from '../adapters/countersign/register.ts';
import { readFolder } from '../adapters/sqlite/readFolder.ts';
import { codeOf } from '../journal/code.ts';
import { countersign, type Fork } from '../journal/countersign.ts';
import { accept, type Refusal, type Result, refuse } from '../journal/result.ts';
import { headText } from '../journal/verify.ts';
import { answer, language } from './answer.ts';
import { journalSigner } from './journalKeys.ts';
import { verb } from './verb.ts';

interface Options {
  data: string;
  out?: string;
}

interface Signed {
  ok: true;
  site: string;
  establishment: string;
  checkpoint: string;
  code: string;
  file: string;
  /** The same checkpoint was signed before. */
  again: boolean;
}

/** A fork is a verdict, not a failure: the document is printed whole, with its evidence. */
interface Forked {
  ok: false;
  site: string;
  refusal: Refusal;
  evidence: Fork;
}

interface Listed {
  ok: boolean;
  signed: { establishment: string; head: string; code: string; time: string }[];
  forks: { found: string; fork: unknown }[];
}

/** Countersigns another establishment's checkpoint with the key of the journal in `data`, and remembers it there. */
export async function countersignFile(file: string, { data, out }: Options): Promise<Result<Signed | Forked>> {
  const read = await readRequestFile(file);
  if (!read.ok) return read;
  const request = read.value;
  return readFolder(
    data,
    () => undefined,
    async (reader, _, folder): Promise<Result<Signed | Forked>> => {
      const site = establishmentOf(reader);
      const signer = await journalSigner(folder);
      if (site === undefined || signer === undefined) {
        return refuse('countersign-no-key', 'This site has no journal, or no key at hand, to sign with.', {
          where: folder,
          expected: 'the data folder of a hub that has been started',
          kept: 'nothing was signed',
        });
      }
      const time = new Date().toISOString();
      const register = openRegister(folder);
      try {
        const judgement = register.judge(request, site, time);
        if (judgement.verdict === 'refused') return { ok: false, refusal: judgement.refusal };
        if (judgement.verdict === 'fork') {
          return accept({ ok: false, site, refusal: judgement.refusal, evidence: judgement.fork });
        }
        const { checkpoint } = request;
        const answerFile = out ?? `${file.replace(/\.json$/, '')}.countersigned.json`;
        await writeAnswer(answerFile, countersign(signer, checkpoint, site, time));
        return accept({
          ok: true,
          site,
          establishment: checkpoint.establishment,
          checkpoint: headText(checkpoint),
          code: codeOf(checkpoint),
          file: answerFile,
          again: judgement.verdict === 'signed-before',
        });
      } finally {
        register.close();
      }
    },
  );
}

/** What this site vouches for: when another's journal is lost or doubted, these are its anchors. */
export function countersigned(data: string): Promise<Result<Listed>> {
  return readFolder(
    data,
    () => undefined,
    async (_reader, _, folder) => {
      if (!hasRegister(folder)) return accept({ ok: true, signed: [], forks: [] });
      const register = openRegister(folder);
      try {
        const signed = register.last().map((one) => ({
          establishment: one.establishment,
          head: headText(one),
          code: codeOf(one),
          time: one.time,
        }));
        const forks = register.forks();
        return accept({ ok: forks.length === 0, signed, forks });
      } finally {
        register.close();
      }
    },
  );
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'journal countersign', 'journal countersign from-the-other-site.json --data data/journal')
    .argument('[file]', french ? 'la demande d’un autre site ; sans elle, ce qui fut signé' : "another site's request")
    .requiredOption(
      '--data <folder>',
      french ? 'le dossier du journal de ce site' : "the folder of this site's journal",
    )
    .option('--out <file>', french ? 'où écrire la réponse' : 'where to write the answer')
    .action(async (file: string | undefined, options: Options, command: Command) => {
      if (file === undefined) answer(command, await countersigned(options.data), renderedList);
      else answer(command, await countersignFile(file, options), renderedOutcome);
    });
}

function renderedList({ signed, forks }: Listed, inLanguage: 'fr' | 'en'): string {
  const fr = inLanguage === 'fr';
  if (signed.length === 0)
    return fr ? 'Ce site n’a encore rien contresigné.' : 'This site has countersigned nothing yet.';
  const lines = signed.map((one) => `${one.establishment}  ${one.time}  ${one.code}\n  ${one.head}`);
  const told = forks.map(({ found }) => (fr ? `Fourche trouvée : ${found}` : `Fork found: ${found}`));
  return [...lines, ...told].join('\n');
}

function renderedOutcome(outcome: Signed | Forked, inLanguage: 'fr' | 'en'): string {
  const fr = inLanguage === 'fr';
  if (!outcome.ok) {
    const { message, expected = '', cure = '' } = outcome.refusal;
    return [fr ? 'FOURCHE : rien ne fut signé.' : 'FORK: nothing was signed.', message, expected, cure].join('\n  ');
  }
  const { establishment, code, file } = outcome;
  return fr
    ? `Contresigné : ${establishment}, ${code}.\nÀ renvoyer : ${file}`
    : `Countersigned: ${establishment}, ${code}.\nTo send back: ${file}`;
}
