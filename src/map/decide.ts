import type { Json, NewEvent } from '../journal/event.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { applied, differences, same } from './change/apply.ts';
import type { MapChange } from './change/change.ts';
import { countsOf } from './change/history.ts';
import { refusedInUse } from './change/inUse.ts';
import { type ChangeProblem, changeProblems } from './change/problems.ts';
import { mapProblems } from './document/check.ts';
import { withShortReferences } from './document/reference.ts';
import { type ColumnMapping, mapChanged, mapImported } from './events.ts';
import type { ImportMemory } from './import/memory.ts';
import { HospitalMap } from './model.ts';
import type { MapState } from './state.ts';

export type MapCommand =
  /** `hash`: `sha256:<hex>` of the document's canonical form, computed at the edge; the document is kept exactly as it was hashed. */
  { type: 'ImportMap'; document: HospitalMap; hash: string; source: string } | ChangeMap;

/** Made by the edge (`changeMap`): short references, and `hash` of the changes' canonical form. */
export interface ChangeMap {
  type: 'ChangeMap';
  changes: readonly MapChange[];
  hash: string;
  source: string;
  /** Sequence of the change that these take back. */
  undoes?: number;
  import?: { from: string; memory: ImportMemory; hash: string; mapping?: ColumnMapping };
}

export function decideMap(state: MapState, command: MapCommand): Result<NewEvent[]> {
  return command.type === 'ImportMap' ? importMap(state, command) : changeMap(state, command);
}

const kept = 'The map in force is unchanged.';

/** The first map, whole; an invalid one is refused whole. The same again changes nothing; another is offered as changes. */
function importMap(state: MapState, command: Extract<MapCommand, { type: 'ImportMap' }>): Result<NewEvent[]> {
  const cure = 'Run `reflexe map check` on the files: it lists every problem with its line.';
  const nothing = state.document === null ? 'No map was there before, and none is now.' : kept;
  const read = HospitalMap.safeParse(command.document);
  if (!read.success) {
    const [first] = read.error.issues;
    const where = first === undefined ? 'document' : first.path.join('.');
    const message = `The map is not one: ${first?.message ?? 'no reason given'}.`;
    return refuse('map-invalid', message, { where, expected: 'a hospital map, version 1', kept: nothing, cure });
  }
  const { document } = command;
  if (state.document !== null) {
    if (differences(state.document, withShortReferences(read.data)).length === 0) return accept([]);
    return refuse('map-already-there', 'There is a map already: another one is a change of it.', {
      where: document.establishment.id,
      kept,
      cure: 'Import it as what it changes: nothing is lost by it, and it can be taken back.',
    });
  }
  const errors = mapProblems(read.data).filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first !== undefined) {
    const message = `The map has ${errors.length} error(s), first: ${first.message}.`;
    return refuse('map-invalid', message, { where: first.path.join('.'), kept: nothing, cure });
  }
  return accept([
    mapImported.of(
      {
        document: command.hash,
        source: command.source,
        careFunctions: document.careFunctions.length,
        components: document.components.length,
      },
      // Plain data: the schema has just read all of it.
      { documents: { [command.hash]: document as unknown as Json } },
    ),
  ]);
}

/** All of the changes or none. */
function changeMap(state: MapState, command: ChangeMap): Result<NewEvent[]> {
  const { changes, hash, source, undoes } = command;
  const refused = undoes === undefined ? undefined : refusedUndo(state, undoes);
  if (refused !== undefined) return refused;
  const outcome = changedMap(state, changes);
  if (!outcome.ok) return outcome;
  if (!outcome.value.isChanged) return accept([]);
  const errors = outcome.value.problems.filter(({ severity }) => severity === 'error');
  if (errors[0] !== undefined) return wouldBreak(errors[0], errors.length);
  const { import: from } = command;
  return accept([
    mapChanged.of(
      {
        document: hash,
        source,
        counts: countsOf(changes) as { [section: string]: { added: number; changed: number; removed: number } },
        ...(undoes === undefined ? {} : { undoes }),
        ...(from === undefined
          ? {}
          : {
              import: {
                from: from.from,
                memory: from.hash,
                ...(from.mapping === undefined ? {} : { mapping: from.mapping }),
              },
            }),
      },
      {
        documents: {
          // Plain data: read by their schemas at the edge.
          [hash]: changes as unknown as Json,
          ...(from === undefined ? {} : { [from.hash]: from.memory as unknown as Json }),
        },
      },
    ),
  ]);
}

export interface ChangeOutcome {
  /** False: the map already says so. */
  isChanged: boolean;
  /** What would be wrong that is not wrong now. An error refuses the change. */
  problems: ChangeProblem[];
}

/** What some changes would make of the map, as one types too: refused where they cannot be made at all. */
export function changedMap(
  state: Pick<MapState, 'document' | 'recoveries'>,
  changes: readonly MapChange[],
): Result<ChangeOutcome> {
  const { document } = state;
  if (document === null) return refuse('map-missing', 'There is no map yet.', { cure: 'Import one, or start one.' });
  const after = applied(document, changes);
  if (!after.ok) return after;
  if (after.value.establishment.id !== document.establishment.id) {
    return refuse('map-other-establishment', 'This is the map of another establishment.', {
      where: after.value.establishment.id,
      expected: document.establishment.id,
      kept,
      cure: 'Keep the identifier: the name may change.',
    });
  }
  const inUse = refusedInUse(state.recoveries, changes);
  if (inUse !== undefined) return inUse;
  const isChanged = changes.some(({ from, to, ...change }) => 'place' in change || !same(from, to));
  return accept({ isChanged, problems: isChanged ? changeProblems(document, after.value, changes) : [] });
}

const wouldBreak = (first: ChangeProblem, count: number) =>
  refuse('map-invalid', `The map would have ${count} error(s), first: ${first.message}.`, {
    where: [first.section, first.id, first.path.join('.')].filter((part) => part !== '').join(' '),
    kept,
    cure: 'Correct it in the same change: what is taken off the map must be named by nothing that stays.',
  });

function refusedUndo(state: MapState, undoes: number) {
  const version = state.history.find(({ sequence }) => sequence === undoes);
  if (version === undefined) {
    return refuse('map-change-unknown', 'This change is not in the history that is kept at hand.', {
      where: `change ${undoes}`,
      kept,
      cure: 'Make the change that puts things back as they were.',
    });
  }
  if (version.undoneBy === null) return undefined;
  return refuse('map-change-undone', 'This change was already taken back.', {
    where: `change ${undoes}`,
    expected: `to put it in force again, take back change ${version.undoneBy}`,
    kept,
  });
}
