import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { readMapFolder } from '../adapters/yaml/mapFolder.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { type CompiledMap, compile } from '../map/compile.ts';
import { durationSeconds } from '../map/document/duration.ts';
import { nearest } from '../map/document/nearest.ts';
import { impact } from '../map/impact.ts';
import type { ComponentState, Supply } from '../map/model.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { mapInvalid, noMap } from './mapCheck.ts';
import { verb } from './verb.ts';

interface Felt {
  id: string;
  /** Seconds from the loss until it is lost; null: it never is. */
  lostAfterSeconds: number | null;
  /** Root causes. */
  because: readonly string[];
  /** It goes on, on what remains of a redundancy. */
  redundancyLost: boolean;
}
export interface MapImpact {
  /** The instant looked at, from the loss; null: once every grace has run out. */
  afterSeconds: number | null;
  careFunctions: (Felt & { state: Supply })[];
  components: (Felt & { state: ComponentState })[];
}

/** What the loss of some components does, all else being up: `afterSeconds` later, or in the end. */
export async function mapImpact(
  path: string,
  down: readonly string[],
  afterSeconds?: number,
): Promise<Result<MapImpact>> {
  if (!existsSync(path)) return noMap(path);
  const { document, problems } = await readMapFolder(path);
  if (document === undefined) return mapInvalid(path, problems, 'Nothing was computed.');
  const map = compile(document);
  const states = new Map<string, ComponentState>();
  for (const reference of down) {
    const id = map.resolve(reference);
    if (id === undefined || map.careFunctions.has(id)) return notAComponent(map, reference, id);
    states.set(id, 'down');
  }
  const found = impact(map, states, {
    missing: 'up',
    since: new Map([...states.keys()].map((id) => [id, 0])),
    ...(afterSeconds === undefined ? {} : { now: afterSeconds * 1000 }),
  });
  // `impact` counts from the instant looked at; people count from the loss.
  const whole = impact(map, states, { missing: 'up' });
  const felt = (id: string): Felt & { supply: Supply; state: ComponentState } => {
    const one = found.get(id);
    return {
      id,
      supply: one?.supply ?? 'unknown',
      state: one?.state ?? 'unknown',
      lostAfterSeconds: whole.get(id)?.lostAfterSeconds ?? null,
      because: one?.because ?? [],
      redundancyLost: one?.redundancyLost ?? false,
    };
  };
  return accept({
    afterSeconds: afterSeconds ?? null,
    careFunctions: [...map.careFunctions.keys()].map((id) => {
      const { supply, ...rest } = felt(id);
      return { ...rest, state: supply };
    }),
    components: [...map.components.keys()].map((id) => {
      const { supply: _supply, ...rest } = felt(id);
      return rest;
    }),
  });
}

function notAComponent(map: CompiledMap, reference: string, id: string | undefined) {
  const near = nearest(map.short(reference), map.components.keys());
  const message =
    id === undefined ? 'No component has this id on the map.' : 'This is a care function, not a component.';
  return refuse('component-unknown', message, {
    where: reference,
    expected: 'the id of a component, as the map writes it',
    kept: 'Nothing was computed.',
    ...(near === undefined ? {} : { cure: `Did you mean ${near}?` }),
  });
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'map impact', 'map impact --map examples/groupe-exemple --down ups-a,ups-b --after 15m')
    .requiredOption('--map <path>', french ? 'fichier ou dossier de la carte' : "the map's file or folder")
    .requiredOption(
      '--down <ids>',
      french ? 'composants perdus, séparés par des virgules' : 'lost components, separated by commas',
      listed,
    )
    .option(
      '--after <duration>',
      french
        ? 'combien de temps après la perte (15m) ; sinon, quand toutes les réserves sont épuisées'
        : 'how long after the loss (15m); otherwise once every grace has run out',
      duration,
    )
    .action(async (options: { map: string; down: string[]; after?: number }, command: Command) => {
      answer(command, await mapImpact(options.map, options.down, options.after), rendered);
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

const words: { readonly [state in Supply]: { fr: string; en: string } } = {
  served: { fr: 'assurée', en: 'served' },
  partly: { fr: 'en partie assurée', en: 'partly served' },
  lost: { fr: 'perdue', en: 'lost' },
  unknown: { fr: 'inconnue', en: 'unknown' },
};

function rendered({ careFunctions, components }: MapImpact, inLanguage: Language): string {
  const french = inLanguage === 'fr';
  const lines = careFunctions.map(({ id, state, lostAfterSeconds, because, redundancyLost }) => {
    const when = lostAfterSeconds === null ? '' : ` ${soon(lostAfterSeconds, french)}`;
    const thin = redundancyLost ? (french ? ' (sans secours)' : ' (nothing in reserve)') : '';
    const why = because.length === 0 ? '' : ` — ${because.join(', ')}`;
    return `${id.padEnd(24)} ${words[state][inLanguage]}${when}${thin}${why}`;
  });
  const touched = components.filter(({ state }) => state !== 'up').length;
  const last = french
    ? `${touched} composants touchés sur ${components.length}`
    : `${touched} of ${components.length} components touched`;
  return [...lines, last].join('\n');
}

/** `at once`, `after 40 s`, `after 3 h 20 min`. */
function soon(seconds: number, french: boolean): string {
  if (seconds === 0) return french ? 'aussitôt' : 'at once';
  const minutes = Math.round(seconds / 60);
  const length =
    seconds < 60
      ? `${seconds} s`
      : minutes < 60
        ? `${minutes} min`
        : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${french ? 'après' : 'after'} ${length}`;
}
