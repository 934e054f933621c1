import { type Command, InvalidArgumentError } from 'commander';
import type { Result } from '../journal/result.ts';
import type { DrillReport } from '../main/drill.ts';
import { answer, language } from './answer.ts';
import { laboratory } from './laboratory.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

/** What `lab/drill/command.ts` of the same checkout exports. */
interface Laboratory {
  drill(options: {
    seed: string;
    language: Language;
    port: number;
    out: string | undefined;
    nights: number;
    patients: number;
    say(line: string): void;
  }): Promise<Result<DrillReport>>;
  reportText(report: DrillReport, language: Language): string;
}

interface DrillOptions {
  seed: string;
  out?: string;
  port: string;
  nights: number;
  patients: number;
}

function count(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError({ fr: 'un nombre entier est attendu', en: 'a whole number is expected' }[language()]);
}

const isLaboratory = (module: object): module is Laboratory => 'drill' in module && 'reportText' in module;

export function register(program: Command): void {
  verb(program, 'drill', 'drill --out report')
    .option(
      '--seed <word>',
      { fr: 'graine : les mêmes patients synthétiques', en: 'seed: the same synthetic patients' }[language()],
      new Date().toISOString().slice(0, 10),
    )
    .option(
      '--out <folder>',
      { fr: 'dossier où écrire drill.json et drill.pdf', en: 'folder to write drill.json and drill.pdf into' }[
        language()
      ],
    )
    .option(
      '--nights <number>',
      {
        fr: 'nuits sauvegardées avant le chiffrement, la moitié avec l’implant',
        en: 'nights backed up before the encryption, half of them with the implant',
      }[language()],
      count,
      4,
    )
    .option(
      '--patients <number>',
      { fr: 'patients de l’hôpital miniature', en: 'patients of the hospital in miniature' }[language()],
      count,
      3000,
    )
    .option(
      '--port <number>',
      { fr: 'port où le suivre dans un navigateur', en: 'port to watch it on in a browser' }[language()],
      '0',
    )
    .action(async (options: DrillOptions, command: Command) => {
      const lab = await laboratory('drill/command.ts', 'drill');
      if (!lab.ok) return answer(command, lab, () => '');
      if (!isLaboratory(lab.value)) throw new Error('the laboratory of this checkout is of another version');
      const { drill, reportText } = lab.value;
      const report = await drill({
        seed: options.seed,
        language: language(),
        port: Number(options.port),
        out: options.out,
        nights: options.nights,
        patients: options.patients,
        say: (line) => process.stderr.write(`${line}\n`),
      });
      answer(command, report, (document, inLanguage) => `\n${reportText(document, inLanguage)}`);
    });
}
