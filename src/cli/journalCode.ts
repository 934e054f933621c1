import type { Command } from 'commander';
import { readFolder } from '../adapters/sqlite/readFolder.ts';
import { codeOf } from '../journal/code.ts';
import { accept, type Result } from '../journal/result.ts';
import { headText } from '../journal/verify.ts';
import { answer, language } from './answer.ts';
import { verb } from './verb.ts';

interface Coded {
  ok: true;
  code: string;
  head: string;
  epoch: number;
  sequence: number;
}

/** The code of where the journal stands now, to be printed or noted elsewhere. It says nothing of what is before. */
const journalCode = (folder: string): Promise<Result<Coded>> =>
  readFolder(
    folder,
    () => undefined,
    async (reader) => {
      const head = reader.head();
      return accept({
        ok: true,
        code: codeOf(head),
        head: headText(head),
        epoch: head.epoch,
        sequence: head.sequence,
      });
    },
  );

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'journal code', 'journal code data/journal')
    .argument('<folder>', french ? 'le dossier du journal' : "the journal's folder")
    .action(async (folder: string, _options: object, command: Command) => {
      answer(command, await journalCode(folder), ({ code }) => code);
    });
}
