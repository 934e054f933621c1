import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { importFiles, yamlFiles } from '../adapters/imports/files.ts';
import { keptFile, readKept, writeKept } from '../adapters/imports/kept.ts';
import { type ImportKind, importKinds, type Read, readImport, sourceName } from '../adapters/imports/readImport.ts';
import { Columns } from '../adapters/imports/table/columns.ts';
import { readMapFolder } from '../adapters/yaml/mapFolder.ts';
import { changeMapFiles, exportMap } from '../adapters/yaml/saveMap.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { mapProblems } from '../map/document/check.ts';
import { idOf } from '../map/import/names.ts';
import { type Review, review } from '../map/import/review.ts';
import { type HospitalMap, Reference } from '../map/model.ts';
import { answer, language } from './answer.ts';
import { mapInvalid } from './mapCheck.ts';
import { type MapImport, rendered } from './mapImportText.ts';
import { verb } from './verb.ts';

interface Asked {
  into: string;
  apply?: true;
  /** What the columns of a table mean, in a file. */
  mapping?: string;
  from?: string;
  complete?: boolean;
  /** Keys of conflicts where the tool is followed; `all`: each of them. */
  follow?: string[];
  id?: string;
  name?: string;
}

/** What another tool brings to a map; with `apply`, the map's files changed so. */
async function mapImport(kind: ImportKind, file: string, asked: Asked): Promise<Result<MapImport>> {
  const files = await (kind === 'yaml' ? yamlFiles(file) : importFiles(file));
  if (!files.ok) return files;
  const from = asked.from ?? sourceName(kind, files.value);
  const keptIn = await keptFile(asked.into, from);
  const kept = await readKept(keptIn);
  if (!kept.ok) return kept;
  const columns = asked.mapping === undefined ? accept(kept.value.columns) : await columnsIn(asked.mapping);
  if (!columns.ok) return columns;
  const read = await readImport(kind, files.value, { from, columns: columns.value, isComplete: asked.complete });
  if (!read.ok) return read;
  const map = await mapAt(asked, read.value);
  if (!map.ok) return map;
  const { memory } = kept.value;
  const chosen = new Set(asked.follow ?? []);
  const all = review(map.value, read.value, { memory, chosen });
  const found = chosen.has('all')
    ? review(map.value, read.value, { memory, chosen: new Set(all.conflicts.map(({ key }) => key)) })
    : all;
  if (found.refused !== undefined) return { ok: false, refusal: found.refused };
  const wrong = errorsOf(map.value, found.map);
  const document: MapImport = {
    ok: wrong.length === 0,
    from: found.from,
    added: found.added.length,
    changed: found.changed.length,
    removed: found.removed.length,
    conflicts: found.conflicts,
    applied: false,
    problems: found.problems,
    errors: wrong,
    things: { added: found.added, changed: found.changed, removed: found.removed },
    ...(read.value.columns === undefined ? {} : { columns: read.value.columns }),
    written: [],
  };
  if (asked.apply !== true || wrong.length > 0) return accept(document);
  const written = await apply(asked.into, found);
  if (!written.ok) return written;
  const remembered = await writeKept(keptIn, {
    ...(read.value.columns === undefined ? {} : { columns: read.value.columns }),
    memory: found.memory,
  });
  return accept({ ...document, applied: true, written: [...written.value, ...remembered] });
}

/** The map to import into; a new one where there is none, of the house that a whole map says it is of. */
async function mapAt({ into, id, name }: Asked, read: Read): Promise<Result<HospitalMap>> {
  if (existsSync(into)) {
    const { document, problems } = await readMapFolder(into);
    if (document !== undefined) return accept(document);
    if (!problems.some(({ code }) => code === 'no-map')) return mapInvalid(into, problems, 'The map is unchanged.');
  }
  const said = read.map?.ok === true ? read.map.value.establishment : undefined;
  const called = name === undefined ? (said?.name ?? { fr: 'Établissement' }) : { fr: name };
  const establishment = {
    timeZone: 'Europe/Paris',
    ...said,
    id: id ?? said?.id ?? idOf(called.fr, 'etablissement'),
    name: called,
  };
  const empty = { sites: [], wards: [], suppliers: [], contracts: [], teams: [] };
  return accept({ version: 1, establishment, ...empty, careFunctions: [], components: [], startTogether: [] });
}

/** Nothing is written where the map says it all already; a map that was not there is written whole. */
async function apply(into: string, { map, changes }: Review): Promise<Result<string[]>> {
  const isThere = existsSync(into) && (await readMapFolder(into)).document !== undefined;
  if (!isThere) return exportMap(map, into);
  return changes.length === 0 ? accept([]) : changeMapFiles(into, map, changes);
}

/** What the import would make wrong: what was wrong before is not its fault. */
function errorsOf(before: HospitalMap, after: HospitalMap): string[] {
  const errors = (map: HospitalMap) =>
    mapProblems(map).flatMap(({ severity, message }) => (severity === 'error' ? [message] : []));
  const known = new Set(errors(before));
  return errors(after).filter((message) => !known.has(message));
}

async function columnsIn(file: string): Promise<Result<Columns>> {
  try {
    const read = Columns.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (read.success) return accept(read.data);
  } catch {
    // Said below.
  }
  return refuse('import-mapping-unreadable', 'This is not what columns mean.', {
    where: file,
    expected: '{"table": "components", "columns": {"Application": "name", "RTO (h)": null}}',
    kept: 'The map is unchanged.',
    cure: 'The answer of a review holds it, under `columns`: correct that.',
  });
}

export function register(program: Command): void {
  const french = language() === 'fr';
  verb(program, 'map import', 'map import mercator mercator.sql --into carte --name "CH de Bonsite" --apply')
    .argument('<kind>', importKinds.join(', '), kindNamed)
    .argument('<file>', french ? 'fichier, ou dossier de fichiers' : 'a file, or a folder of files')
    .requiredOption('--into <path>', french ? 'fichier ou dossier de la carte' : "the map's file or folder")
    .option('--apply', french ? 'change la carte ; sinon, montre seulement' : 'change the map; otherwise only show')
    .option('--mapping <file>', french ? 'ce que veulent dire les colonnes (JSON)' : 'what the columns mean (JSON)')
    .option(
      '--from <name>',
      french ? 'nom de la source, s’il y en a plusieurs' : 'name of the source, if there are several',
    )
    .option('--complete', french ? 'tout y est : ce qui n’y est plus est parti' : 'all is there: what is not is gone')
    .option('--no-complete', french ? 'tout n’y est pas' : 'not all is there')
    .option(
      '--follow <conflict...>',
      french ? 'conflits où l’outil a raison (ou all)' : 'conflicts where the tool is right (or all)',
    )
    .option('--id <id>', french ? 'identifiant d’un nouvel établissement' : 'id of a new establishment', reference)
    .option('--name <name>', french ? 'nom d’un nouvel établissement' : 'name of a new establishment')
    .action(async (kind: ImportKind, file: string, asked: Asked, command: Command) => {
      // Neither of the two was said: the kind of source decides.
      const isSaid = command.getOptionValueSource('complete') === 'cli';
      const { complete, ...others } = asked;
      const whole = isSaid && complete !== undefined ? { ...others, complete } : others;
      answer(command, await mapImport(kind, file, whole), rendered);
    });
}

function kindNamed(text: string): ImportKind {
  const kind = importKinds.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new InvalidArgumentError(importKinds.join(', '));
}

function reference(text: string): string {
  if (Reference.safeParse(text).success && !text.includes(':')) return text;
  throw new InvalidArgumentError(
    language() === 'fr' ? 'minuscules, chiffres, tirets et points' : 'lower case, digits, dashes and dots',
  );
}
