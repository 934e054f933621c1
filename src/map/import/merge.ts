import { canonical } from '../../journal/canonical.ts';
import type { Json } from '../../journal/event.ts';
import type { Thing } from '../change/change.ts';
import { type Need, ProposedLink } from '../model.ts';
import type { Fields, Told } from './imported.ts';
import { mapped, mergedNeeds, newProposals } from './needs.ts';

export interface FieldChange {
  field: string;
  /** Undefined: there was none, or there is none any more. */
  from: unknown;
  to: unknown;
}

/** Why a tool's word is not simply taken: a person confirmed what is there, changed it since, or wrote it otherwise. */
export type Disagreement = 'confirmed' | 'edited' | 'otherwise';

export interface FieldConflict extends FieldChange {
  because: Disagreement;
}

/**
 * One thing of the map with what a tool tells of it. `said`: what the tool said last time, undefined where nobody remembers.
 * `follow`: the conflicts where a person chose the tool's word.
 */
export function merged(
  thing: Thing,
  told: Told,
  known: Fields,
  said: Fields | undefined,
  follow: (field: string) => boolean,
): { to: Fields; changes: FieldChange[]; conflicts: FieldConflict[] } {
  const to: { [field: string]: unknown } = { ...thing };
  const changes: FieldChange[] = [];
  const conflicts: FieldConflict[] = [];
  const now: Fields = { ...thing };
  const change = (field: string, value: unknown) => {
    changes.push({ field, from: now[field], to: value });
    if (value === undefined) delete to[field];
    else to[field] = value;
  };
  for (const [field, value] of Object.entries(known)) {
    const outcome =
      field === 'needs'
        ? needsOutcome(now, value as Need, said)
        : field === 'proposed'
          ? proposedOutcome(thing, value as ProposedLink[], said)
          : plainOutcome(told, now, field, value, said);
    if (outcome === undefined) continue;
    if (outcome.because === undefined || follow(field)) change(field, outcome.to);
    else conflicts.push({ field, from: now[field], to: outcome.to, because: outcome.because });
  }
  return { to, changes, conflicts };
}

/** Undefined: nothing to do. Without `because`: the tool's word is taken. */
type FieldOutcome = { to: unknown; because?: Disagreement } | undefined;

function needsOutcome(now: Fields, told: Need, said: Fields | undefined): FieldOutcome {
  const last = said?.needs as Need | undefined;
  const isConfirmed = now.confirmed !== undefined;
  // A link that is a proposal on the map stays one until a person confirms it, whatever tool says it again.
  const open = new Set((now.proposed as readonly ProposedLink[] | undefined)?.map(({ need }) => need));
  const meant = mapped(told, (reference) => (open.has(reference) ? undefined : reference));
  if (meant === undefined) return undefined;
  const outcome = mergedNeeds(now.needs as Need | undefined, meant, last, isConfirmed);
  if (outcome.is === 'same') return undefined;
  if (outcome.is === 'changed') return { to: outcome.to };
  return { to: outcome.there, because: isConfirmed ? 'confirmed' : last === undefined ? 'otherwise' : 'edited' };
}

function proposedOutcome(thing: Thing, told: readonly ProposedLink[], said: Fields | undefined): FieldOutcome {
  if (!('kind' in thing || 'tier' in thing)) return undefined;
  const last = ProposedLink.array().safeParse(said?.proposed ?? []).data ?? [];
  const added = newProposals(told, thing, last);
  return added.length === 0 ? undefined : { to: [...(thing.proposed ?? []), ...added] };
}

function plainOutcome(told: Told, now: Fields, field: string, value: unknown, said: Fields | undefined): FieldOutcome {
  const here = now[field];
  if (here === undefined && said?.[field] === undefined) return { to: value };
  if (holds(here, value)) return undefined;
  const to = over(here, value);
  // A proposal of nobody in particular gives way to what a tool knows.
  if (Array.isArray(now.toConfirm) && now.toConfirm.includes(field)) return { to };
  const last = said?.[field];
  if (told.section === 'careFunctions' && now.signedBy !== undefined && signed.has(field))
    return { to, because: 'confirmed' };
  if (last === undefined) return { to, because: 'otherwise' };
  return holds(here, last) ? { to } : { to, because: 'edited' };
}

/** What the signature under a care function is for. */
const signed = new Set(['tier', 'weight', 'calendar']);

const isGroup = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the map says all that the tool says: a text that also has its translation does. */
function holds(here: unknown, told: unknown): boolean {
  if (isGroup(here) && isGroup(told)) return Object.entries(told).every(([field, value]) => holds(here[field], value));
  return here !== undefined && canonical([here as Json]) === canonical([told as Json]);
}

function over(here: unknown, told: unknown): unknown {
  if (!isGroup(here) || !isGroup(told)) return told;
  const both: { [field: string]: unknown } = { ...here };
  for (const [field, value] of Object.entries(told)) both[field] = over(here[field], value);
  return both;
}
