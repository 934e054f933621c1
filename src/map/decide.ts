import type { Json, NewEvent } from '../journal/event.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { mapProblems } from './document/check.ts';
import { mapImported } from './events.ts';
import { HospitalMap } from './model.ts';
import type { MapState } from './state.ts';

/** `hash`: `sha256:<hex>` of the document's canonical form, computed at the edge; the document is kept exactly as it was hashed. */
export type MapCommand = { type: 'ImportMap'; document: HospitalMap; hash: string; source: string };

/** Replaces the whole map. The same document again changes nothing; an invalid one is refused whole. */
export function decideMap(state: MapState, command: MapCommand): Result<NewEvent[]> {
  if (command.hash === state.hash) return accept([]);
  const kept = state.hash === null ? 'No map was there before, and none is now.' : 'The map in force is unchanged.';
  const cure = 'Run `reflexe map check` on the files: it lists every problem with its line.';
  const read = HospitalMap.safeParse(command.document);
  if (!read.success) {
    const [first] = read.error.issues;
    const where = first === undefined ? 'document' : first.path.join('.');
    const message = `The map is not one: ${first?.message ?? 'no reason given'}.`;
    return refuse('map-invalid', message, { where, expected: 'a hospital map, version 1', kept, cure });
  }
  const errors = mapProblems(read.data).filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first !== undefined) {
    const message = `The map has ${errors.length} error(s), first: ${first.message}.`;
    return refuse('map-invalid', message, { where: first.path.join('.'), kept, cure });
  }
  const { document } = command;
  return accept([
    mapImported.of(
      {
        document: command.hash,
        ...(state.hash === null ? {} : { replaces: state.hash }),
        source: command.source,
        careFunctions: document.careFunctions.length,
        components: document.components.length,
      },
      // Plain data: the schema has just read all of it.
      { documents: { [command.hash]: document as unknown as Json } },
    ),
  ]);
}
