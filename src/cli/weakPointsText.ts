import type { TreeReport } from '../map/weakPoints/treeReport.ts';
import type { Falls, WeakPoints } from '../map/weakPoints/weakPoints.ts';
import type { Language } from './language.ts';

/** Lines of each kind told to a person; the JSON has them all. */
const toldMax = 20;

/** First what fails alone and what hangs on it, then each function, then suppliers. */
export function renderedWeakPoints(found: WeakPoints, inLanguage: Language): string {
  const french = inLanguage === 'fr';
  const blocks = [
    singles(found, french),
    ...found.trees.map((tree) => treeText(tree, french)),
    suppliers(found, french),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The first few by name: the number says the rest. */
const namedMax = 4;
function hangs({ id, careFunctions }: Falls): string {
  const rest = careFunctions.length - namedMax;
  const named = careFunctions.slice(0, namedMax).join(', ');
  return `  ${id.padEnd(26)} ${String(careFunctions.length).padStart(3)} : ${named}${rest > 0 ? `… (+${rest})` : ''}`;
}

function singles({ falls, allLookedAt }: WeakPoints, french: boolean): string[] {
  const title = french
    ? `Points uniques de défaillance : ${falls.length}. Chacun suffit, à lui seul, à faire tomber ce qui suit.`
    : `Single points of failure: ${falls.length}. Each is enough, alone, to bring down what follows it.`;
  const none = french
    ? 'Aucun point unique de défaillance : il faut au moins deux pannes à la fois.'
    : 'No single point of failure: it takes at least two failures at once.';
  const unfinished = french
    ? ['La carte est trop grande : tout n’a pas été regardé.']
    : ['The map is too large: not everything was looked at.'];
  const lines = falls.slice(0, toldMax).map(hangs);
  return [
    falls.length === 0 ? none : title,
    ...lines,
    ...more(falls.length - lines.length, french),
    ...(allLookedAt ? [] : unfinished),
  ];
}

function treeText(
  { top, minimalCutSets, topProbability, withoutRate, definition }: TreeReport,
  french: boolean,
): string[] {
  const { total, byOrder, completeUpTo, stopped, listed } = minimalCutSets;
  const sizes = Object.entries(byOrder).map(([order, many]) =>
    french ? `${many} de ${order}` : `${many} of ${order}`,
  );
  const limit =
    completeUpTo === null
      ? ''
      : french
        ? ` d’au plus ${completeUpTo} ${completeUpTo > 1 ? 'pannes' : 'panne'}`
        : ` of at most ${completeUpTo} ${completeUpTo > 1 ? 'failures' : 'failure'}`;
  const how =
    definition === 'minimal cut sets'
      ? ''
      : french
        ? ' (parties positives des implicants premiers)'
        : ' (positive parts of prime implicants)';
  const counted = french
    ? `${top} : ${total} ensembles minimaux de pannes${limit}${how}`
    : `${top}: ${total} minimal sets of failures${limit}${how}`;
  const pairs = listed.filter((set) => set.length > 1);
  const told = pairs.slice(0, toldMax).map((set) => `  ${set.join(' + ')}`);
  const larger = Number.isFinite(Number(total)) ? Number(total) - (listed.length - pairs.length) - told.length : 0;
  return [
    sizes.length === 0 ? counted : `${counted}${french ? '\u202f: ' : ': '}${sizes.join(', ')}`,
    ...(stopped
      ? [
          french
            ? '  le travail s’est arrêté là : plus grands, ils ne sont pas connus'
            : '  the work stopped there: larger ones are not known',
        ]
      : []),
    ...told,
    ...more(larger, french),
    ...chance(topProbability, withoutRate, french),
  ];
}

function chance(probability: number | null, withoutRate: number, french: boolean): string[] {
  if (probability !== null) {
    const figure = probability.toPrecision(3);
    return [
      french
        ? `  indisponible une part ${figure} du temps (taux donnés)`
        : `  unavailable a share ${figure} of the time (rates given)`,
    ];
  }
  if (withoutRate === 0) return [];
  return [
    french
      ? `  pas de probabilité : ${withoutRate} sans taux de panne`
      : `  no probability: ${withoutRate} without a failure rate`,
  ];
}

function suppliers({ suppliers: found }: WeakPoints, french: boolean): string[] {
  const heavy = found.filter(({ careFunctions }) => careFunctions.length > 0);
  if (heavy.length === 0) return [];
  const title = french ? 'Si un fournisseur disparaît, sont perdues :' : 'If a supplier goes, these are lost:';
  return [title, ...heavy.slice(0, toldMax).map(hangs), ...more(heavy.length - toldMax, french)];
}

const more = (many: number, french: boolean): string[] =>
  many <= 0 ? [] : [french ? `  … et ${many} de plus` : `  … and ${many} more`];
