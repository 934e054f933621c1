import type { Command } from 'commander';
import { accept, type Result } from '../journal/result.ts';
import { compile } from '../map/compile.ts';
import { localDay } from '../map/gap/zone.ts';
import { nothingMeasured, type ReturnsView, returnsView } from '../map/returns/view.ts';
import { secondsLong } from '../words/format.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { readWholeMap } from './mapCheck.ts';
import { verb } from './verb.ts';

export type MapReturns = Omit<ReturnsView, 'names'>;

/** When each care function could be back and what it would lose, from what the map declares, on the day of `now` (ms). */
export async function mapReturns(path: string, now: number): Promise<Result<MapReturns>> {
  const read = await readWholeMap(path);
  if (!read.ok) return read;
  const map = compile(read.value);
  const { names: _names, ...found } = returnsView(map, nothingMeasured, localDay(map.establishment.timeZone, now));
  return accept(found);
}

export function register(program: Command): void {
  verb(program, 'map returns', 'map returns --map examples/groupe-exemple')
    .requiredOption('--map <path>', language() === 'fr' ? 'fichier ou dossier de la carte' : "the map's file or folder")
    .action(async (options: { map: string }, command: Command) => {
      answer(command, await mapReturns(options.map, Date.now()), rendered);
    });
}

function rendered({ careFunctions, contradictions }: MapReturns, inLanguage: Language): string {
  const french = inLanguage === 'fr';
  const long = (seconds: number) => secondsLong(seconds, inLanguage);
  const late = new Set(contradictions.map(({ careFunction }) => careFunction));
  const lines = careFunctions.map(({ careFunction, declared, rtoSeconds }) => {
    const { seconds, atLeastSeconds, unknownCount, chain } = declared;
    const possible = seconds === null ? `${french ? 'au moins' : 'at least'} ${long(atLeastSeconds)}` : long(seconds);
    const missing =
      unknownCount === 0 ? '' : french ? ` (${unknownCount} sans temps)` : ` (${unknownCount} without a time)`;
    const mark = late.has(careFunction) ? '!' : seconds === null ? '?' : ' ';
    const way = chain.map(({ component }) => component).join(' ← ');
    return `${mark} ${careFunction.padEnd(24)} ${long(rtoSeconds).padEnd(10)} ${possible}${missing}${way === '' ? '' : ` — ${way}`}`;
  });
  const last = french
    ? `${late.size} fonctions de soins sur ${careFunctions.length} ne peuvent tenir ce qui est promis (!) ; ? : il manque des temps`
    : `${late.size} of ${careFunctions.length} care functions cannot keep what is promised (!); ?: times are missing`;
  return [...lines, last].join('\n');
}
