import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { readMapOrRegion } from '../adapters/yaml/regionFolder.ts';
import type { FileProblem } from '../adapters/yaml/source.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import type { HospitalMap } from '../map/model.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

export interface MapVerdict {
  /** No error; there may be warnings. */
  ok: boolean;
  careFunctions: number;
  components: number;
  problems: FileProblem[];
}

/** Reads a map, or a region's, and says all that is wrong with it; refuses only where there is nothing to read. */
export async function checkMap(path: string): Promise<Result<MapVerdict>> {
  if (!existsSync(path)) return noMap(path);
  const { document, careFunctions, components, problems } = await readMapOrRegion(path);
  return accept({ ok: document !== undefined, careFunctions, components, problems });
}

/** A map, or several owners' joined, that can be asked; refuses one with an error. */
export async function readWholeMap(path: string): Promise<Result<HospitalMap>> {
  if (!existsSync(path)) return noMap(path);
  const { document, problems } = await readMapOrRegion(path);
  return document === undefined ? mapInvalid(path, problems, 'Nothing was computed.') : accept(document);
}

export function noMap(path: string) {
  return refuse('map-unreadable', 'There is no such file or folder.', {
    where: path,
    expected: 'a YAML file, or a folder that holds map.yaml or map/',
    cure: 'Check the path; examples/groupe-exemple is a map to start from.',
  });
}

export function mapInvalid(path: string, problems: readonly FileProblem[], kept: string) {
  const error = problems.find(({ severity }) => severity === 'error');
  return refuse('map-invalid', `The map has errors, first: ${error?.message ?? 'it is empty'}.`, {
    where: error === undefined ? path : `${error.file}:${error.line}:${error.column}`,
    kept,
    cure: `Correct them; \`reflexe map check ${path}\` lists them all.`,
  });
}

export function register(program: Command): void {
  verb(program, 'map check', 'map check examples/groupe-exemple')
    .argument('<path>', language() === 'fr' ? 'fichier ou dossier de la carte' : "the map's file or folder")
    .action(async (path: string, _options: object, command: Command) => {
      answer(command, await checkMap(path), rendered);
    });
}

function rendered({ ok, careFunctions, components, problems }: MapVerdict, inLanguage: Language): string {
  const french = inLanguage === 'fr';
  const lines = problems.map(({ file, line, column, severity, code, message }) => {
    const word = severity === 'error' ? (french ? 'erreur' : 'error') : french ? 'attention' : 'warning';
    return `${file}:${line}:${column} ${word} ${message} [${code}]`;
  });
  const read = french
    ? `${careFunctions} fonctions de soins et ${components} composants lus`
    : `${careFunctions} care functions and ${components} components read`;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const kept = french
    ? `; ${errors} erreur(s) : cette carte ne serait pas importée, celle en vigueur reste.`
    : `; ${errors} error(s): this map would not be imported, the one in force stays.`;
  return [...lines, `${read}${ok ? '.' : kept}`].join('\n');
}
