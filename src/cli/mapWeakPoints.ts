import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readOpenPsa } from '../adapters/openPsa/openPsa.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { compile } from '../map/compile.ts';
import { treeReport } from '../map/weakPoints/treeReport.ts';
import { usualBounds, type WeakPoints, weakPoints } from '../map/weakPoints/weakPoints.ts';
import { answer, language } from './answer.ts';
import { readWholeMap } from './mapCheck.ts';
import { verb } from './verb.ts';
import { renderedWeakPoints } from './weakPointsText.ts';

const seconds = (): number => performance.now() / 1000;
/** Published trees are harder than maps, and asked one at a time. */
const openPsaNodesMax = 60_000_000;
/** Every single point is among the sets listed: the smallest are listed first. */
const openPsaListedMax = 10_000;

/** What takes each care function of a map down: see docs/map.md. */
export async function mapWeakPoints(path: string, orderMax?: number): Promise<Result<WeakPoints>> {
  const read = await readWholeMap(path);
  if (!read.ok) return read;
  return accept(weakPoints(compile(read.value), { ...usualBounds, ...asked(orderMax), seconds }));
}

/** The same of fault trees in the Open-PSA format: every top of the file, and nothing of suppliers. */
export function openPsaWeakPoints(file: string, orderMax?: number): Result<WeakPoints & { leftAside: string[] }> {
  if (!existsSync(file)) {
    return refuse('openpsa-unreadable', 'There is no such file.', { where: file, cure: 'Check the path.' });
  }
  const model = readOpenPsa(readFileSync(file), basename(file));
  if (!model.ok) return model;
  const options = { ...usualBounds, listedMax: openPsaListedMax, ...asked(orderMax), seconds };
  const budget = { nodesLeft: openPsaNodesMax };
  const trees = model.value.tops.map((_, at) => treeReport(model.value, at, options, budget));
  const tops = new Map<string, string[]>();
  for (const { top, minimalCutSets } of trees) {
    for (const set of minimalCutSets.listed) {
      const [only] = set;
      if (only !== undefined && set.length === 1) tops.set(only, [...(tops.get(only) ?? []), top]);
    }
  }
  return accept({
    trees,
    singlePoints: [...tops.keys()],
    falls: [...tops].map(([id, careFunctions]) => ({ id, careFunctions })),
    suppliers: [],
    allLookedAt: trees.every(
      ({ minimalCutSets: { completeUpTo, byOrder } }) =>
        (completeUpTo ?? 1) >= 1 && Number(byOrder['1'] ?? 0) <= openPsaListedMax,
    ),
    leftAside: model.value.leftAside,
  });
}

const asked = (orderMax: number | undefined): { orderMax?: number } => (orderMax === undefined ? {} : { orderMax });

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'map weak-points', 'map weak-points --map examples/groupe-exemple --order 2')
    .option('--map <path>', french ? 'fichier ou dossier de la carte' : "the map's file or folder")
    .option(
      '--openpsa <file>',
      french ? 'arbres de défaillances au format Open-PSA' : 'fault trees in the Open-PSA format',
    )
    .option(
      '--order <n>',
      french ? 'ne garder que les ensembles d’au plus n pannes' : 'keep only sets of at most n failures',
      order,
    )
    .action(async (options: { map?: string; openpsa?: string; order?: number }, command: Command) => {
      if ((options.map === undefined) === (options.openpsa === undefined)) {
        command.error(french ? 'erreur : donner --map ou --openpsa' : 'error: give either --map or --openpsa');
      }
      const found =
        options.map === undefined
          ? openPsaWeakPoints(options.openpsa ?? '', options.order)
          : await mapWeakPoints(options.map, options.order);
      answer(command, found, renderedWeakPoints);
    });
}

function order(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(language() === 'fr' ? 'écrire un nombre de 1 à 999' : 'write a number from 1 to 999');
}
