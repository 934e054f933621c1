import type { LogLine } from '../../activate/views.ts';
import { entry } from '../../words/entry.ts';
import * as format from '../../words/format.ts';
import type { Said } from '../../words/said.ts';
import type { Speech } from '../words/Words.tsx';

/** A line of the crisis log as a sentence; an event this release has no sentence for shows its type, never nothing. */
export function sentence(
  line: LogLine,
  now: number,
  name: (reference: string) => string,
  { t, language, reading, say }: Speech,
): string {
  const text = typeof line.text === 'object' && line.text !== null ? say(line.text) : line.text;
  if (line.code === 'CrisisLogWritten') return text ?? t.activate.erased;
  const word = (key: string) => String(line.words[key] ?? '');
  const count = (key: string) => Number(line.words[key] ?? 0);
  const said: Said = {
    word,
    count,
    name: (key) => name(word(key)),
    step: () => name(`${word('plan')}/${word('step')}`),
    moment: (key) => format.moment(word(key), now, reading),
    until: (key) => format.when('until', word(key), now, reading),
    long: (key) => format.secondsLong(count(key), language),
  };
  const told = entry(t.log, line.code)?.(said) ?? line.code;
  return text === undefined ? told : `${told}${t.parts.colon} ${text ?? t.activate.erased}`;
}
