import { join } from 'node:path';
import type { Command } from 'commander';
import { makeFirstLinkIn } from '../adapters/sqlite/access/firstLinkFile.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import { type DataOptions, dataFolderOf, dataOption } from './dataFolder.ts';
import { verb } from './verb.ts';

interface Made {
  link: string;
  until: string;
}

export function register(program: Command): void {
  dataOption(verb(program, 'access first-link', 'access first-link --url https://reflexe.hopital.example'))
    .option(
      '--url <url>',
      { fr: 'adresse à laquelle Reflexe répond', en: 'address Reflexe answers at' }[language()],
      'http://localhost:8420',
    )
    .action((options: DataOptions & { url: string }, command: Command) => {
      answer(command, firstLink(options), shown);
    });
}

function firstLink({ url, ...options }: DataOptions & { url: string }): Result<Made> {
  if (!URL.canParse(url)) {
    return refuse('address-unreadable', `“${url}” is no address.`, {
      where: '--url',
      expected: 'such as https://reflexe.hopital.example',
    });
  }
  const made = makeFirstLinkIn(join(dataFolderOf(options), 'access.sqlite'), Date.now());
  if (!made.ok) return made;
  const { token, expiresAt } = made.value;
  return accept({ link: `${new URL(url).origin}/#first=${token}`, until: new Date(expiresAt).toISOString() });
}

const shown = ({ link, until }: Made, inLanguage: 'fr' | 'en'): string =>
  ({
    fr: `Lien à usage unique, pour un administrateur, jusqu’au ${until} :\n  ${link}\nLe lien précédent ne vaut plus rien. Sa création figure au journal.`,
    en: `One-time link, for an administrator, until ${until}:\n  ${link}\nThe link before is void. Making it is journalled.`,
  })[inLanguage];
