import type { Refusal } from '../../journal/result.ts';
import { differences } from '../change/apply.ts';
import type { MapChange } from '../change/change.ts';
import type { HospitalMap } from '../model.ts';
import { type Changed, type Conflict, Draft, type Named } from './draft.ts';
import { type Imported, type ImportProblem, Problems, type Told } from './imported.ts';
import { matched } from './match.ts';
import type { ImportMemory } from './memory.ts';
import { reviewOfMap } from './whole/review.ts';

/** What an import would do to a map, for a person to look at. */
export interface Review {
  from: string;
  added: Named[];
  changed: Changed[];
  removed: Named[];
  conflicts: Conflict[];
  /** What the source says that could not be taken, or only in part. */
  problems: ImportProblem[];
  /** All of it but the conflicts left to the map, as one change. Empty where the map says all that the source says. */
  changes: MapChange[];
  /** The map once changed. */
  map: HospitalMap;
  /** To be kept with the change, and given back at the next import of this tool. */
  memory: ImportMemory;
  /** Things the source tells of. */
  told: number;
  /** Why nothing of it can be applied. */
  refused?: Refusal;
}

export interface ReviewOptions {
  memory?: ImportMemory | undefined;
  /** Keys of conflicts where the source is followed. */
  chosen?: ReadonlySet<string>;
  /** Keys of things that stay although the source does not tell of them any more. */
  keep?: ReadonlySet<string>;
}

/**
 * Compares an import with the map in force. Nothing is lost by it: fields the tool does not know stay, and what a person confirmed
 * or changed since is a conflict, decided by `chosen`.
 */
export function review(map: HospitalMap, imported: Imported, options: ReviewOptions = {}): Review {
  if (imported.map !== undefined) return reviewOfMap(map, imported.map, imported, options);
  const { from } = imported;
  const problems = new Problems();
  const things = firstOfEach(imported.things, problems);
  const all = matched(map, from, things, options.memory);
  const draft = new Draft(map, all, { from, problems, chosen: options.chosen ?? new Set(), memory: options.memory });
  draft.takeAll();
  if (imported.isComplete) draft.removeUntold(options.keep ?? new Set());
  draft.openRings();
  draft.proposeAlike();
  const after = draft.map();
  return {
    from,
    added: draft.added,
    changed: draft.changed,
    removed: draft.removed,
    conflicts: draft.conflicts,
    problems: [...imported.problems, ...problems.all()],
    changes: differences(map, after),
    map: after,
    memory: { from, things: draft.said },
    told: imported.things.length,
  };
}

/** Two rows with the same identifier: the first is kept, and both are named. */
function firstOfEach(things: readonly Told[], problems: Problems): Told[] {
  const first = new Map<string, Told>();
  for (const told of things) {
    const key = `${told.section} ${told.key}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, told);
    else {
      const at = ({ place }: Told) =>
        `${place.file}${place.row === undefined ? '' : `:${place.row}`} (${place.field ?? 'id'})`;
      const message = `\`${told.key}\` is the identifier of \`${before.name}\` at ${at(before)} and of \`${told.name}\` at ${at(told)}`;
      const expected = 'an identifier of its own for each';
      problems.say(told.place, 'duplicate-identifier', message, { expected, kept: 'the first one' });
    }
  }
  return [...first.values()];
}
