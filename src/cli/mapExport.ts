import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { readMapFolder } from '../adapters/yaml/mapFolder.ts';
import { exportMap } from '../adapters/yaml/saveMap.ts';
import { accept, type Result } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { mapInvalid, noMap } from './mapCheck.ts';
import { verb } from './verb.ts';

interface MapExport {
  ok: true;
  careFunctions: number;
  components: number;
  /** Files that were written or taken away: none where they already said the same. */
  changed: string[];
}

/** Writes a map again, in its one form: the same map gives the same bytes. */
async function exported(path: string, out: string): Promise<Result<MapExport>> {
  if (!existsSync(path)) return noMap(path);
  const { document, problems } = await readMapFolder(path);
  if (document === undefined) return mapInvalid(path, problems, 'Nothing was written.');
  const changed = await exportMap(document, out);
  if (!changed.ok) return changed;
  const { careFunctions, components } = document;
  return accept({
    ok: true,
    careFunctions: careFunctions.length,
    components: components.length,
    changed: changed.value,
  });
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'map export', 'map export --map examples/groupe-exemple --out carte.yaml')
    .requiredOption('--map <path>', french ? 'fichier ou dossier de la carte' : "the map's file or folder")
    .requiredOption('--out <path>', french ? 'fichier YAML, ou dossier' : 'a YAML file, or a folder')
    .action(async ({ map, out }: { map: string; out: string }, command: Command) => {
      answer(command, await exported(map, out), rendered);
    });
}

function rendered({ careFunctions, components, changed }: MapExport, inLanguage: Language): string {
  const what =
    inLanguage === 'fr'
      ? `${careFunctions} fonctions de soins et ${components} composants exportés.`
      : `${careFunctions} care functions and ${components} components exported.`;
  const nothing =
    inLanguage === 'fr' ? 'Les fichiers disaient déjà la même chose.' : 'The files already said the same.';
  return [...(changed.length === 0 ? [nothing] : changed), what].join('\n');
}
