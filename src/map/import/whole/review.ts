import { type Result, refuse } from '../../../journal/result.ts';
import { differences } from '../../change/apply.ts';
import { type Section, sections, shapes, type Thing } from '../../change/change.ts';
import { HospitalMap } from '../../model.ts';
import type { Changed, Conflict, Named } from '../draft.ts';
import type { Imported } from '../imported.ts';
import type { ImportMemory } from '../memory.ts';
import { withoutComponents } from '../removal.ts';
import type { Review, ReviewOptions } from '../review.ts';
import { laid, type Said } from './fields.ts';
import { inOrderOf, withNew } from './order.ts';
import { untoldOf } from './removal.ts';

/**
 * Compares a map in its own words with the map in force: things are what they are by their ids, and those that the file does not
 * hold stay. Refused, in the review itself, where the file cannot be read whole or is the map of another establishment.
 */
export function reviewOfMap(
  map: HospitalMap,
  read: Result<HospitalMap>,
  { from, isComplete, problems }: Imported,
  options: ReviewOptions,
): Review {
  const there = read.ok ? ofTheSame(map, read.value) : read;
  const nothing = { from, added: [], changed: [], removed: [], conflicts: [], problems, changes: [], map };
  if (!there.ok) return { ...nothing, told: 0, memory: options.memory ?? { from, things: {} }, refused: there.refusal };
  const draft = new Overlay(map, there.value, isComplete, from, options);
  const after = draft.map();
  const { added, changed, removed, conflicts, said } = draft;
  const told = sections.reduce((count, section) => count + there.value[section].length, 0);
  const changes = differences(map, after);
  return {
    from,
    added,
    changed,
    removed,
    conflicts,
    problems,
    changes,
    map: after,
    memory: { from, things: said },
    told,
  };
}

function ofTheSame(map: HospitalMap, there: HospitalMap): Result<HospitalMap> {
  const [own, other] = [map.establishment, there.establishment];
  if (own.id === other.id && own.kind === other.kind) return { ok: true, value: there };
  return refuse('map-other-establishment', 'This is the map of another establishment.', {
    where: other.kind === 'supplier' ? `${other.id} (supplier)` : other.id,
    expected: own.kind === 'supplier' ? `${own.id} (supplier)` : own.id,
    kept: 'The map is unchanged.',
    cure: 'Two owners stay two maps, side by side in the folder of a region. Where it is the same house, write this id in the file.',
  });
}

/** The map while a file in its own words is laid over it. */
class Overlay {
  readonly added: Named[] = [];
  readonly changed: Changed[] = [];
  readonly removed: Named[] = [];
  readonly conflicts: Conflict[] = [];
  readonly said: ImportMemory['things'] = {};
  readonly #here: HospitalMap;
  readonly #there: HospitalMap;
  readonly #isComplete: boolean;
  readonly #memory: ImportMemory | undefined;
  readonly #chosen: ReadonlySet<string>;
  readonly #keep: ReadonlySet<string>;

  constructor(here: HospitalMap, there: HospitalMap, isComplete: boolean, from: string, options: ReviewOptions) {
    this.#here = here;
    this.#there = there;
    this.#isComplete = isComplete;
    this.#memory = options.memory?.from === from ? options.memory : undefined;
    this.#chosen = options.chosen ?? new Set();
    this.#keep = options.keep ?? new Set();
  }

  map(): HospitalMap {
    const { establishment } = HospitalMap.shape;
    const own = this.#thing('establishment', this.#here.establishment, this.#there.establishment);
    const lists = Object.fromEntries(sections.map((section) => [section, this.#list(section)]));
    // Each list was laid over that of its own section.
    const all: HospitalMap = { ...this.#here, ...lists, establishment: establishment.parse(own) };
    return this.#isComplete ? this.#withoutUntold(all) : all;
  }

  #list(section: Section): Thing[] {
    const there: readonly Thing[] = this.#there[section];
    const told = new Map(there.map((thing) => [thing.id, thing]));
    const here = this.#here[section].map((thing: Thing): Thing => {
      const other = told.get(thing.id);
      return other === undefined ? thing : shapes[section].parse(this.#thing(section, thing, other));
    });
    const known = new Set(here.map(({ id }) => id));
    for (const thing of there) {
      if (known.has(thing.id)) continue;
      this.added.push(named(section, thing));
      this.#remember(section, thing);
    }
    return withNew(section === 'careFunctions' ? this.#ordered(here, there) : here, there);
  }

  /** Order is clinical order: who set the map's is not overruled by a file without being asked. */
  #ordered(here: Thing[], there: readonly Thing[]): Thing[] {
    const to = inOrderOf(here, there);
    if (to.every((thing, at) => thing === here[at])) return here;
    const about = named('establishment', this.#here.establishment);
    const key = `establishment/${about.id}/order`;
    const ids = (things: readonly Thing[]) => things.map(({ id }) => id);
    const sides = { field: 'order', here: ids(here), there: ids(to), because: 'otherwise' } as const;
    if (!this.#chosen.has(key)) {
      this.conflicts.push({ ...about, key, ...sides });
      return here;
    }
    const change = { field: 'order', from: sides.here, to: sides.there };
    const before = this.changed.find(({ section }) => section === 'establishment');
    if (before === undefined) this.changed.push({ ...about, fields: [change] });
    else before.fields.push(change);
    return to;
  }

  #thing<One extends Thing | HospitalMap['establishment']>(section: Named['section'], here: One, there: One): object {
    this.#remember(section, there);
    const about = named(section, here);
    const keyOf = (field: string) => `${section}/${here.id}/${field}`;
    // Their fields one by one, whatever the section.
    const { to, changes, conflicts } = laid(here as unknown as Said, there as unknown as Said, {
      last: this.#memory?.things[section]?.[here.id]?.said,
      isComplete: this.#isComplete,
      follow: (field) => this.#chosen.has(keyOf(field)),
    });
    for (const { field, from, to: other, because } of conflicts)
      this.conflicts.push({ ...about, key: keyOf(field), field, here: from, there: other, because });
    if (changes.length > 0) this.changed.push({ ...about, fields: changes });
    return to;
  }

  #remember(section: Named['section'], thing: Thing | HospitalMap['establishment']): void {
    const said = this.said[section] ?? {};
    said[thing.id] = { id: thing.id, said: { ...thing } };
    this.said[section] = said;
  }

  #withoutUntold(all: HospitalMap): HospitalMap {
    const told = new Set(sections.flatMap((section) => this.#there[section].map(({ id }) => `${section}/${id}`)));
    const isUntold = (section: Section, id: string) =>
      !told.has(`${section}/${id}`) && !this.#keep.has(`${section}/${id}`);
    const isChosen = (section: Section, id: string) => this.#chosen.has(`${section}/${id}/removed`);
    const gone = new Set<string>();
    for (const { section, thing, because, usedBy } of untoldOf(all, isUntold, isChosen)) {
      const about = named(section, thing);
      if (because === undefined) {
        this.removed.push(about);
        gone.add(`${section}/${thing.id}`);
      } else {
        const sides = { field: 'removed', here: thing, there: undefined };
        this.conflicts.push({ ...about, key: `${section}/${thing.id}/removed`, ...sides, because, usedBy });
      }
    }
    const lists = Object.fromEntries(
      sections.map((section) => [section, all[section].filter(({ id }) => !gone.has(`${section}/${id}`))]),
    );
    const needed = [...all.components, ...all.careFunctions].map(({ id }) => id);
    const isGone = (id: string) => gone.has(`components/${id}`) || gone.has(`careFunctions/${id}`);
    return withoutComponents({ ...all, ...lists }, new Set(needed.filter(isGone)));
  }
}

const named = (section: Named['section'], { id, name }: Thing | HospitalMap['establishment']): Named => ({
  section,
  id,
  name: typeof name === 'string' ? name : name.fr,
});
