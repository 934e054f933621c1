import { type Command, type CommanderError, Help, type Option } from 'commander';
import { language } from './answer.ts';

/** Help and usage errors in the user's language: commander's own are English only. */
export function speakLanguage(program: Command): void {
  if (language() === 'en') return;
  program
    .helpOption('-h, --help', 'affiche cette aide')
    .helpCommand('help [commande]', 'affiche l’aide d’une commande')
    .configureHelp({ styleTitle: (title) => frenchTitles[title] ?? title, optionDescription: inFrench });
}

const english = new Help();
const inFrench = (option: Option): string => english.optionDescription(option).replace('(default: ', '(par défaut : ');

const frenchTitles: { [title: string]: string } = {
  'Usage:': 'Usage :',
  'Arguments:': 'Arguments :',
  'Options:': 'Options :',
  'Global Options:': 'Options générales :',
  'Commands:': 'Commandes :',
};

/** What was wrong with the command line, from commander's error; the quoted word is kept. */
export function usageMessage(error: CommanderError): string {
  const english = error.message.replace(/^error: /, '');
  if (language() === 'en') return english;
  const [, quoted = ''] = /'(.*?)'/.exec(english) ?? [];
  return frenchUsage[error.code]?.(quoted) ?? english;
}

const frenchUsage: { [code: string]: (quoted: string) => string } = {
  'commander.unknownCommand': (quoted) => `commande inconnue « ${quoted} »`,
  'commander.unknownOption': (quoted) => `option inconnue « ${quoted} »`,
  'commander.missingArgument': (quoted) => `argument manquant « ${quoted} »`,
  'commander.optionMissingArgument': (quoted) => `il manque la valeur de l’option « ${quoted} »`,
  'commander.missingMandatoryOptionValue': (quoted) => `option obligatoire absente « ${quoted} »`,
  'commander.excessArguments': () => 'trop d’arguments',
  'commander.conflictingOption': (quoted) => `option incompatible « ${quoted} »`,
};
