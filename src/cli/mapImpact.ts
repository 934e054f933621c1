import { type Command, InvalidArgumentError } from 'commander';
import { accept, type Result } from '../journal/result.ts';
import { compile } from '../map/compile.ts';
import { durationSeconds } from '../map/document/duration.ts';
import type { Supply } from '../map/model.ts';
import { type CareFelt, type WhatIf, type WhatIfAsked, whatIf } from '../map/whatIf.ts';
import { secondsLong } from '../words/format.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { readWholeMap } from './mapCheck.ts';
import { verb } from './verb.ts';

export interface MapImpact extends WhatIf {
  /** The instant of the loss: whether care is needed then depends on the hour. */
  at: string;
}

/** What the loss of some components does, all else being up: `afterSeconds` later, or in the end. */
export async function mapImpact(path: string, down: readonly string[], asked: WhatIfAsked): Promise<Result<MapImpact>> {
  const read = await readWholeMap(path);
  if (!read.ok) return read;
  const found = whatIf(compile(read.value), down, asked);
  return found.ok ? accept({ at: new Date(asked.at).toISOString(), ...found.value }) : found;
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'map impact', 'map impact --map examples/groupe-exemple --down ups-a,ups-b --after 15m')
    .requiredOption('--map <path>', french ? 'fichier ou dossier de la carte' : "the map's file or folder")
    .requiredOption(
      '--down <ids>',
      french
        ? 'composants perdus, séparés par des virgules ; supplier:ID ou site:ID pour tout ce qui en dépend'
        : 'lost components, separated by commas; supplier:ID or site:ID for all of theirs',
      listed,
    )
    .option(
      '--after <duration>',
      french
        ? 'combien de temps après la perte (15m) ; sinon, quand toutes les réserves sont épuisées'
        : 'how long after the loss (15m); otherwise once every grace has run out',
      duration,
    )
    .option(
      '--at <instant>',
      french
        ? 'instant de la perte (2024-08-03T11:00:00+02:00) ; sinon, maintenant'
        : 'instant of the loss; by default now',
      instant,
    )
    .action(async (options: { map: string; down: string[]; after?: number; at?: number }, command: Command) => {
      const { after, at = Date.now() } = options;
      const asked = { at, ...(after === undefined ? {} : { afterSeconds: after }) };
      answer(command, await mapImpact(options.map, options.down, asked), rendered);
    });
}

function listed(text: string, before: string[] | undefined): string[] {
  const ids = text.split(',').flatMap((id) => id.trim() || []);
  if (ids.length === 0)
    throw new InvalidArgumentError(language() === 'fr' ? 'aucun composant nommé' : 'no component named');
  return [...(before ?? []), ...ids];
}

function duration(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError(
    language() === 'fr' ? 'écrire une durée : 90s, 15m, 8h' : 'write a duration: 90s, 15m, 8h',
  );
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new InvalidArgumentError(
    language() === 'fr'
      ? 'écrire un instant : 2024-08-03T11:00:00+02:00'
      : 'write an instant: 2024-08-03T11:00:00+02:00',
  );
}

const words: { readonly [state in Supply]: { fr: string; en: string } } = {
  served: { fr: 'assurée', en: 'served' },
  partly: { fr: 'en partie assurée', en: 'partly served' },
  lost: { fr: 'perdue', en: 'lost' },
  unknown: { fr: 'inconnue', en: 'unknown' },
};

function rendered({ afterSeconds, careFunctions, components, careGap }: MapImpact, inLanguage: Language): string {
  const french = inLanguage === 'fr';
  const felt = careFunctions.filter(
    ({ state, lostAfterSeconds, redundancyLost }) => state !== 'served' || lostAfterSeconds !== null || redundancyLost,
  );
  const width = Math.max(24, ...felt.map(({ id }) => id.length));
  const lines = felt.map((one) => `${one.id.padEnd(width)} ${said(one, afterSeconds ?? 0, inLanguage)}`);
  const fine = careFunctions.length - felt.length;
  const touched = components.filter(({ state }) => state !== 'up').length;
  const last = french
    ? `Fonctions de soins assurées sans changement\u00a0: ${fine} sur ${careFunctions.length}\u00a0; composants touchés\u00a0: ${touched} sur ${components.length}`
    : `Care functions served as before: ${fine} of ${careFunctions.length}; components touched: ${touched} of ${components.length}`;
  return [...lines, last, gapSaid(careGap, inLanguage)].join('\n');
}

/** `lost in 14 min, unless ups-a comes back — ups-a, ups-b`. */
function said(one: CareFelt, afterSeconds: number, inLanguage: Language): string {
  const french = inLanguage === 'fr';
  const { state, lostAfterSeconds, because, redundancyLost } = one;
  const isToCome = lostAfterSeconds !== null && (state !== 'lost' || lostAfterSeconds > afterSeconds);
  const lost = words.lost[inLanguage];
  const word = isToCome && state !== 'lost' ? `${words[state][inLanguage]}, ${lost}` : words[state][inLanguage];
  const when = lostAfterSeconds === null ? '' : ` ${soon(lostAfterSeconds, inLanguage)}`;
  const thin = redundancyLost ? (french ? ' (sans secours)' : ' (nothing in reserve)') : '';
  const why = because.length === 0 ? '' : ` — ${because.join(', ')}`;
  return `${word}${when}${unlessSaid(one, french)}${backSaid(one, inLanguage)}${thin}${why}`;
}

function backSaid({ back }: CareFelt, inLanguage: Language): string {
  if (back === null) return '';
  const french = inLanguage === 'fr';
  const low = secondsLong(back.low, inLanguage);
  if (back.high === null) return french ? `\u00a0; retour pas avant ${low}` : `; back not before ${low}`;
  const high = secondsLong(back.high, inLanguage);
  if (low === high) return french ? `\u00a0; retour ${high} après la perte` : `; back ${high} after the loss`;
  return french ? `\u00a0; retour entre ${low} et ${high}` : `; back between ${low} and ${high}`;
}

function unlessSaid({ unless, lostAfterSeconds }: CareFelt, french: boolean): string {
  if (unless.length === 0) return '';
  // What is lost at once can only be brought back.
  const isToCome = lostAfterSeconds !== null && lostAfterSeconds > 0;
  const ways = unless.map((way) => {
    const isOne = way.length === 1;
    if (!french) return `${way.join(' and ')} ${isOne ? 'comes' : 'come'} back`;
    return `${way.join(' et ')} ${isOne ? (isToCome ? 'revient' : 'revienne') : 'reviennent'}`;
  });
  if (french) return isToCome ? `, sauf si ${ways.join(' ou si ')}` : `, jusqu’à ce que ${ways.join(' ou que ')}`;
  return isToCome ? `, unless ${ways.join(' or ')}` : `, until ${ways.join(' or ')}`;
}

/** `at once`, `in 40 s`, `in 3 h 20 min`, counted from the loss. */
function soon(seconds: number, inLanguage: Language): string {
  if (inLanguage === 'fr') return seconds === 0 ? 'aussitôt' : `dans ${secondsLong(seconds, inLanguage)}`;
  return seconds === 0 ? 'at once' : `in ${secondsLong(seconds, inLanguage)}`;
}

function gapSaid({ byTier, unknownMinutes, horizonSeconds }: MapImpact['careGap'], inLanguage: Language): string {
  const french = inLanguage === 'fr';
  const colon = french ? '\u00a0: ' : ': ';
  const tiers = (['1', '2', '3'] as const).map((tier) => {
    const { low, high } = byTier[tier];
    return `${french ? 'rang' : 'tier'} ${tier}${colon}${Math.round(low)}–${Math.round(high)}`;
  });
  const hours = Math.round(horizonSeconds / 3600);
  const start = french
    ? `Manque de soins sur ${hours}\u00a0h (minutes × poids)`
    : `Care gap over ${hours}\u00a0h (minutes × weight)`;
  const unknown = `${french ? 'minutes inconnues' : 'unknown minutes'}${colon}${Math.round(unknownMinutes)}`;
  return `${start}${colon}${[...tiers, unknown].join(french ? '\u00a0; ' : '; ')}`;
}
