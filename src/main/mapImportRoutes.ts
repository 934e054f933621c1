import { z } from 'zod';
import { tooLarge } from '../adapters/imports/files.ts';
import { type ImportFile, importKinds, type Read, readImport } from '../adapters/imports/readImport.ts';
import { Columns } from '../adapters/imports/table/columns.ts';
import { fieldsOf, tableNames } from '../adapters/imports/table/fields.ts';
import { mapYaml } from '../adapters/yaml/mapYaml.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { changedMap } from '../map/decide.ts';
import { chosen, proposals, thingKey } from '../map/import/choose.ts';
import { ImportMemory } from '../map/import/memory.ts';
import { review } from '../map/import/review.ts';
import { type ChangeSource, changeMap } from '../server/changeMap.ts';
import { type JsonRoute, jsonRoute } from '../server/declare.ts';
import { type MappedWorld, mapped, submitChanges } from '../server/mapRoutes.ts';
import type { WorldDirectory } from '../server/ports.ts';
import type { ReviewBody } from '../server/protocol.ts';

/** An inventory of a large hospital is a few megabytes; it comes in base64, a third longer. */
const importBytesMax = 24 * 1_048_576;
/** One machine of an inventory may be one file. */
const filesMax = 5_000;
/** Things and links a person decided of one by one, or by group. */
const choicesMax = 200_000;
const keyLettersMax = 500;
/** About a megabyte of YAML is read in a second, and the hub waits for it: this holds some thirty thousand components. */
const yamlBytesMax = 4 * 1_048_576;

const Source = z.strictObject({
  kind: z.enum(importKinds),
  files: z
    .array(z.strictObject({ name: z.string().min(1).max(300), base64: z.string() }))
    .min(1)
    .max(filesMax),
  columns: Columns.partial().optional(),
  /** Whether all that the tool knows is here. */
  isComplete: z.boolean().optional(),
});
type Source = z.infer<typeof Source>;

const Keys = z.array(z.string().max(keyLettersMax)).max(choicesMax);

/** The import desk: what an import would change, and its application; and the map written out. */
export function mapImportRoutes(worlds: WorldDirectory): JsonRoute[] {
  return [
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/map/review',
      act: 'map.edit',
      body: Source,
      bodyBytesMax: importBytesMax,
      async handle({ params, body }) {
        const desk = await readAtDesk(worlds, params, body);
        return desk.ok ? accept(reviewBody(desk.value)) : desk;
      },
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/worlds/:world/map/import',
      act: 'map.edit',
      // `sequence`: of the map the review was made on.
      body: Source.extend({ sequence: z.number().int(), follow: Keys, leave: Keys, confirm: Keys }),
      bodyBytesMax: importBytesMax,
      async handle({ params, body, person }) {
        const desk = await readAtDesk(worlds, params, body);
        if (!desk.ok) return desk;
        const { world, read, memory } = desk.value;
        if (world.map.sequence !== body.sequence) return changedSince();
        const on = new Date(world.map.now).toISOString().slice(0, 10);
        const confirmation = { by: person.displayName, on };
        const taken = chosen(world.map.document, read, body, { memory, confirmation });
        if (taken.refused !== undefined) return { ok: false, refusal: taken.refused };
        return submitChanges(world, taken.changes, sourceOf(body, read, taken.memory), person.id);
      },
    }),
    jsonRoute({
      method: 'GET',
      url: '/api/worlds/:world/map/export.yaml',
      act: 'map.see',
      handle({ params, reply }) {
        const world = mapped(worlds, params);
        if (!world.ok) return world;
        const { document } = world.value.map;
        reply.header('content-type', 'application/yaml; charset=utf-8');
        reply.header('content-disposition', `attachment; filename="${document.establishment.id}.yaml"`);
        return accept(mapYaml(document));
      },
    }),
  ];
}

interface Desk {
  world: MappedWorld;
  read: Read;
  memory: ImportMemory | undefined;
}

async function readAtDesk(
  worlds: WorldDirectory,
  params: { readonly [name: string]: string },
  source: Source,
): Promise<Result<Desk>> {
  const world = mapped(worlds, params);
  if (!world.ok) return world;
  const files = source.files.map(
    ({ name, base64 }): ImportFile => ({ name, bytes: new Uint8Array(Buffer.from(base64, 'base64')) }),
  );
  const total = files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (source.kind === 'yaml' && total > yamlBytesMax) return tooLarge(source.files[0]?.name ?? '', total, yamlBytesMax);
  const { isComplete } = source;
  // Read by its schema: what is optional there is absent, never undefined.
  const columns = source.columns as Partial<Columns> | undefined;
  const first = await readImport(source.kind, files, { columns, isComplete });
  if (!first.ok) return first;
  const known = columns === undefined ? knownColumns(world.value, first.value) : undefined;
  const read = known === undefined ? first : await readImport(source.kind, files, { columns: known, isComplete });
  if (!read.ok) return read;
  const said = world.value.map.imports[read.value.from];
  const memory = said === undefined ? undefined : ImportMemory.safeParse(await world.value.world.document(said.memory));
  return accept({ world: world.value, read: read.value, memory: memory?.data });
}

/** How a table with these headings was read last time it was applied. */
function knownColumns({ map }: MappedWorld, read: Read): Columns | undefined {
  if (read.columns === undefined) return undefined;
  const headings = headingsOf(read.columns);
  const same = Object.values(map.imports).find(({ mapping }) => mapping !== null && headingsOf(mapping) === headings);
  return Columns.safeParse(same?.mapping).data;
}

const headingsOf = ({ columns }: { columns: { [heading: string]: unknown } }): string =>
  JSON.stringify(Object.keys(columns).toSorted());

function reviewBody({ world: { map }, read, memory }: Desk): ReviewBody {
  const { added, changed, removed, conflicts, problems, changes, from, told, refused } = review(map.document, read, {
    memory,
  });
  const things = new Map(changes.map((change) => [thingKey(change), change.to]));
  const outcome = changedMap(map, changeMap(map.document, changes, { source: 'person' }).changes);
  return {
    from,
    sequence: map.sequence,
    isComplete: read.isComplete,
    columns: read.columns ?? null,
    tables: read.columns === undefined ? null : tableFields,
    told,
    changes: changes.length,
    added: added.map((one) => ({ ...one, fields: fieldsOfNew(things.get(thingKey(one)) ?? {}) })),
    changed,
    removed,
    conflicts,
    proposed: proposals(changes),
    problems,
    wrong: outcome.ok ? outcome.value.problems : [],
    refused: refused ?? (outcome.ok ? null : outcome.refusal),
  };
}

/** What is said of a new thing, but for its name and where it comes from. */
const fieldsOfNew = (thing: object) =>
  Object.entries(thing)
    .filter(
      ([field, value]) => !['id', 'name', 'origin'].includes(field) && !(Array.isArray(value) && value.length === 0),
    )
    .map(([field, to]) => ({ field, to }));

const tableFields = Object.fromEntries(
  tableNames.map((table) => [
    table,
    Object.entries(fieldsOf(table)).map(([field, { cell }]) => ({ field, hasUnit: cell === 'duration' })),
  ]),
);

const sourceOf = ({ kind }: Source, { from, columns }: Read, memory: ImportMemory): ChangeSource => ({
  source: `import:${kind}`,
  import: { from, memory, ...(columns === undefined ? {} : { mapping: columns }) },
});

const changedSince = () =>
  refuse('map-changed-meanwhile', 'The map was changed since this import was looked at.', {
    kept: 'The map in force is unchanged, and so is your file.',
    cure: 'Look at the import again: what it changes now may be different.',
  });
