import { canonical } from '../../../journal/canonical.ts';
import type { Json } from '../../../journal/event.ts';
import { referencesIn } from '../../document/reference.ts';
import type { HospitalMap, Need, ProposedLink } from '../../model.ts';
import type { Fields } from '../imported.ts';
import type { Disagreement, FieldChange, FieldConflict } from '../merge.ts';

/** Fields that only some things have, and that people sign or confirm. */
type Confirmable = Partial<
  Pick<HospitalMap['careFunctions'][number], 'needs' | 'proposed' | 'confirmed' | 'signedBy' | 'signedOn' | 'toConfirm'>
>;
export type Said = Fields & Confirmable;

/**
 * One thing of the map with what a file in the map's own words says of it. The file is a person's: what it says is taken, and
 * counts as confirmed where it carries a confirmation or a signature as recent as the map's. `last`: the whole thing as the file
 * said it last time, undefined where nobody remembers. `isComplete`: a field that it does not write is gone.
 */
export function laid(
  here: Said,
  there: Said,
  { last, isComplete, follow }: { last: Fields | undefined; isComplete: boolean; follow(field: string): boolean },
): { to: Fields; changes: FieldChange[]; conflicts: FieldConflict[] } {
  const to: { [field: string]: unknown } = { ...here };
  const changes: FieldChange[] = [];
  const conflicts: FieldConflict[] = [];
  const fields = new Set([...Object.keys(there), ...Object.keys(here)]);
  // Which links are still proposals is known once the needs are.
  if (fields.delete('proposed')) fields.add('proposed');
  for (const field of fields) {
    const told = field === 'proposed' ? stillOpen(there.proposed, to.needs as Need | undefined) : there[field];
    if (sameValue(here[field], told)) continue;
    const isUnspoken = !isSaid(told) && last !== undefined && !isSaid(last[field]);
    if (isUnspoken && !isComplete) continue;
    const because = disagreement(field, { here, there, told, last, isComplete });
    if (because !== undefined && !follow(field)) {
      conflicts.push({ field, from: here[field], to: told, because });
      continue;
    }
    changes.push({ field, from: here[field], to: told });
    if (told === undefined) delete to[field];
    else to[field] = told;
  }
  return { to, changes, conflicts };
}

/** Undefined: the file is followed. */
function disagreement(
  field: string,
  {
    here,
    there,
    told,
    last,
    isComplete,
  }: { here: Said; there: Said; told: unknown; last: Fields | undefined; isComplete: boolean },
): Disagreement | undefined {
  if (isPersons(field, here, there)) return 'confirmed';
  // A proposal of nobody in particular gives way to what a person wrote.
  if (!isSaid(here[field]) || here.toConfirm?.includes(field)) return undefined;
  if (last === undefined) return isSaid(told) || isComplete ? undefined : 'otherwise';
  return sameValue(here[field], last[field]) ? undefined : 'edited';
}

/** What the signature under a care function is for. */
const signed = new Set(['tier', 'weight', 'calendar', 'signedBy', 'signedOn']);

/** Whether a person of the hospital answers for what the map says here, and none as late for what the file says. */
function isPersons(field: string, here: Said, there: Said): boolean {
  if (field === 'needs' || field === 'confirmed') {
    const theirs = confirmations(there);
    const all = theirs.get('') ?? '';
    // A link that the file drops is dropped by who confirmed the others later.
    return [...confirmations(here)].some(([of, day]) => (theirs.get(of) ?? '') < day && all <= day);
  }
  if (signed.has(field) && here.signedBy !== undefined)
    return there.signedBy === undefined || (there.signedOn ?? '') < (here.signedOn ?? '');
  // What the file only proposes was confirmed here.
  const isAsked = (one: string) =>
    (there.toConfirm?.includes(one) ?? false) && !here.toConfirm?.includes(one) && isSaid(here[one]);
  return field === 'toConfirm' ? (there.toConfirm ?? []).some(isAsked) : isAsked(field);
}

/** The day each link was confirmed; under an empty name, the day all of them were. */
function confirmations({ needs, confirmed }: Said): Map<string, string> {
  const days = new Map<string, string>();
  if (confirmed !== undefined) days.set('', confirmed.on);
  const gather = (need: Need): void => {
    if (!('need' in need)) {
      for (const part of 'all' in need ? need.all : 'any' in need ? need.any : need.of) gather(part);
      return;
    }
    const day = need.confirmed?.on ?? confirmed?.on;
    if (day !== undefined && day > (days.get(need.need) ?? '')) days.set(need.need, day);
  };
  if (needs !== undefined) gather(needs);
  return days;
}

/** Links that the file proposes and that are not needs already. */
function stillOpen(proposed: readonly ProposedLink[] | undefined, needs: Need | undefined): ProposedLink[] | undefined {
  const known = new Set(needs === undefined ? [] : referencesIn(needs));
  const open = proposed?.filter(({ need }) => !known.has(need)) ?? [];
  return open.length === 0 ? undefined : open;
}

/** A list that is empty says as much as one that is not written. */
const isSaid = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);

const sameValue = (one: unknown, other: unknown): boolean =>
  isSaid(one) === isSaid(other) && (!isSaid(one) || canonical([one as Json]) === canonical([other as Json]));
