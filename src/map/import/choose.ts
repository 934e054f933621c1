import type { Refusal } from '../../journal/result.ts';
import { differences } from '../change/apply.ts';
import { type MapChange, sections, type Thing } from '../change/change.ts';
import type { Confirmation, HospitalMap, Need, ProposedLink } from '../model.ts';
import type { Imported } from './imported.ts';
import type { ImportMemory } from './memory.ts';
import { together } from './needs.ts';
import { withoutComponents } from './removal.ts';
import { type Review, review } from './review.ts';

/** What a person decided of an import they looked at. */
export interface Choice {
  /** Keys of conflicts where the tool is followed. */
  follow: readonly string[];
  /** Things left as the map has them: `components/ehr`. */
  leave: readonly string[];
  /** Proposed links taken as true: `components/ehr/needs/db`. */
  confirm: readonly string[];
}

/** A link the import proposes: nothing counts on it until a person confirms it. */
export interface Proposal extends ProposedLink {
  key: string;
  section: 'components' | 'careFunctions';
  id: string;
}

export const thingKey = ({ section, id }: { section: string; id: string }): string => `${section}/${id}`;

/** Links proposed by these changes that the map did not propose before. */
export function proposals(changes: readonly MapChange[]): Proposal[] {
  return changes.flatMap((change) => {
    const { section, id, to } = change;
    if (section !== 'components' && section !== 'careFunctions') return [];
    const before = new Set(proposedBy(change.from).map(({ need }) => need));
    return proposedBy(to)
      .filter(({ need }) => !before.has(need))
      .map((link) => ({ ...link, key: `${section}/${id}/needs/${link.need}`, section, id }));
  });
}

const proposedBy = (thing: Thing | HospitalMap['establishment'] | null): readonly ProposedLink[] =>
  thing !== null && 'proposed' in thing ? (thing.proposed ?? []) : [];

/** An import as a person wants it. What they left is not remembered as said: it is offered again next time. */
export function chosen(
  map: HospitalMap,
  imported: Imported,
  choice: Choice,
  { memory, confirmation }: { memory?: ImportMemory | undefined; confirmation: Confirmation },
): { changes: MapChange[]; memory: ImportMemory; refused?: Refusal } {
  const left = new Set(choice.leave);
  const confirmed = new Set(choice.confirm);
  const whole = review(map, imported, { memory, chosen: new Set(choice.follow), keep: left });
  const changes = left.size === 0 ? whole.changes : differences(map, leaving(map, whole.map, left));
  return {
    changes: confirmed.size === 0 ? changes : changes.map((change) => withConfirmed(change, confirmed, confirmation)),
    memory: remembered(whole, left, memory),
    ...(whole.refused === undefined ? {} : { refused: whole.refused }),
  };
}

/** The map once imported, but things left as they were; those that would be new are not there, nor any link to them. */
function leaving(before: HospitalMap, after: HospitalMap, left: ReadonlySet<string>): HospitalMap {
  const lists = sections.map((section) => {
    const was = new Map(before[section].map((thing): [string, Thing] => [thing.id, thing]));
    const isLeft = (thing: Thing) => left.has(thingKey({ section, id: thing.id }));
    return [section, after[section].flatMap((thing) => (isLeft(thing) ? (was.get(thing.id) ?? []) : [thing]))];
  });
  const known = new Set(before.components.map(({ id }) => id));
  const gone = after.components.map(({ id }) => id).filter((id) => left.has(`components/${id}`) && !known.has(id));
  const { establishment } = left.has(thingKey({ section: 'establishment', id: before.establishment.id }))
    ? before
    : after;
  return withoutComponents({ ...after, establishment, ...Object.fromEntries(lists) }, new Set(gone));
}

function withConfirmed(change: MapChange, confirmed: ReadonlySet<string>, by: Confirmation): MapChange {
  const { section, id, to } = change;
  if ((section !== 'components' && section !== 'careFunctions') || to === null) return change;
  const isConfirmed = ({ need }: ProposedLink) => confirmed.has(`${section}/${id}/needs/${need}`);
  const links = proposedBy(to).filter(isConfirmed);
  if (links.length === 0) return change;
  const others = proposedBy(to).filter((link) => !isConfirmed(link));
  const { proposed: _proposed, needs, ...thing } = to as Thing & { needs?: Need; proposed?: ProposedLink[] };
  const added = links.map(({ because: _because, ...link }): Need => ({ ...link, confirmed: by }));
  const whole = together([...(needs === undefined ? [] : 'all' in needs ? needs.all : [needs]), ...added]);
  // Still a thing of its section.
  return {
    ...change,
    to: { ...thing, needs: whole, ...(others.length === 0 ? {} : { proposed: others }) },
  } as MapChange;
}

function remembered({ memory }: Review, left: ReadonlySet<string>, before: ImportMemory | undefined): ImportMemory {
  if (left.size === 0) return memory;
  const things = Object.entries(memory.things).map(([section, said]) => [
    section,
    Object.fromEntries(
      Object.entries(said).flatMap(([key, one]) => {
        if (!left.has(thingKey({ section, id: one.id }))) return [[key, one] as const];
        const last = before?.things[section]?.[key];
        return last === undefined ? [] : [[key, last] as const];
      }),
    ),
  ]);
  return { ...memory, things: Object.fromEntries(things) };
}
