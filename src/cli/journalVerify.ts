import type { Command } from 'commander';
import { answer, language } from './answer.ts';
import { rendered, verifyFolder } from './journalVerdict.ts';
import { verb } from './verb.ts';

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'journal verify', 'journal verify data/journal --anchor 1:4211:9f2c…')
    .argument('<folder>', french ? 'le dossier du journal' : "the journal's folder")
    .option(
      '--anchor <anchor>',
      french
        ? 'ce qui fut noté ailleurs : une tête (époque:entrée:empreinte), un code imprimé, le fichier d’une contresignature'
        : 'what was noted elsewhere: a head (epoch:sequence:hash), a printed code, the file of a countersignature',
    )
    .action(async (folder: string, { anchor }: { anchor?: string }, command: Command) => {
      answer(command, await verifyFolder(folder, anchor), rendered);
    });
}
