import process from 'node:process';
import type { Command } from 'commander';
import type { Refusal, Result } from '../journal/result.ts';
import { allRefusals } from '../words/fr/allRefusals.ts';
import { type Language, languageOf, type Text } from './language.ts';

/** 0 done, 1 refused or failed, 2 usage. */
export const exitStatus = { done: 0, failed: 1, usage: 2 } as const;

/** The language this run answers in. */
export const language = (): Language => languageOf(process.argv.slice(2), process.env);

/** Whether the caller wants exactly one JSON document on standard output. */
export const wantsJson = (command: Command): boolean => command.optsWithGlobals<{ json?: boolean }>().json === true;

/**
 * The only way a verb speaks: the document as JSON, or as text for people; a refusal as `{error: …}`, or explained.
 * A document whose `ok` is false is a negative verdict: printed whole, exit status 1.
 * Sets `process.exitCode` and returns: a verb closes what it opened, and the process ends by itself, its output written.
 */
export function answer<Document extends object>(
  command: Command,
  outcome: Result<Document>,
  renderText: (document: Document, language: Language) => string,
): void {
  if (!outcome.ok) {
    refused(outcome.refusal, wantsJson(command));
    return;
  }
  const document = outcome.value;
  write(wantsJson(command) ? JSON.stringify(document) : renderText(document, language()));
  process.exitCode = 'ok' in document && document.ok === false ? exitStatus.failed : exitStatus.done;
}

/** A line about the work going on: standard error, so that the answer on standard output stays alone. */
export function progress(text: Text): void {
  process.stderr.write(`${text[language()]}\n`);
}

/** Prints a refusal: in JSON on standard output when asked so, and always explained on standard error. */
export function refused(refusal: Refusal, json: boolean, status: 1 | 2 = exitStatus.failed): void {
  if (json) write(JSON.stringify({ error: { where: null, ...refusal } }));
  process.stderr.write(explain(refusal, language()));
  process.exitCode = status;
}

const labels = {
  refused: { fr: 'Refusé : ', en: 'Refused: ' },
  detail: { fr: 'détail : ', en: 'detail: ' },
  where: { fr: 'où : ', en: 'where: ' },
  expected: { fr: 'attendu : ', en: 'expected: ' },
  kept: { fr: 'conservé : ', en: 'kept: ' },
  cure: { fr: 'que faire : ', en: 'what to do: ' },
  retry: { fr: 'la même commande peut réussir plus tard', en: 'the same command may succeed later' },
} satisfies { [label: string]: Text };

/** Rooms refuse in English; in French the code's own words come first, and the exact message stays as a detail. */
export function explain(refusal: Refusal, inLanguage: Language): string {
  const told = inLanguage === 'fr' ? allRefusals.get(refusal.code) : undefined;
  const said = {
    ...(told === undefined ? {} : { detail: refusal.message }),
    ...refusal,
    ...(told?.cure === undefined ? {} : { cure: told.cure }),
  };
  const parts = (['detail', 'where', 'expected', 'kept', 'cure'] as const).flatMap((part) => {
    const text = said[part];
    return text === undefined ? [] : [`  ${labels[part][inLanguage]}${text}\n`];
  });
  const retry = refusal.retryable ? `  ${labels.retry[inLanguage]}\n` : '';
  return `${labels.refused[inLanguage]}${told?.what ?? refusal.message} [${refusal.code}]\n${parts.join('')}${retry}`;
}

function write(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
