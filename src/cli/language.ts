import type { Language } from '../words/language.ts';

export type { Language };

/** A text of the command line, in both languages. */
export interface Text {
  fr: string;
  en: string;
}

/**
 * The language to answer in: `--lang` where given, else the terminal's locale, else French.
 * Read before the command line is parsed, so that usage errors are in the right language too.
 */
export function languageOf(args: readonly string[], environment: { [name: string]: string | undefined }): Language {
  const asked = args.findLastIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const flag = args[asked];
  const wanted = flag === '--lang' ? args[asked + 1] : flag?.slice('--lang='.length);
  if (wanted === 'fr' || wanted === 'en') return wanted;
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return locale.toLowerCase().startsWith('en') ? 'en' : 'fr';
}
