import type { z } from 'zod';
import type { Section, Thing } from '../change/change.ts';
import { referencesIn } from '../document/reference.ts';
import { CareFunction, Component, Contract, type HospitalMap, Site, Supplier, Team, Ward } from '../model.ts';
import { completed, standIns } from './complete.ts';
import type { Fields, ImportedSection, Problems } from './imported.ts';
import { alike } from './likeness.ts';
import type { Matched } from './match.ts';
import type { ImportMemory } from './memory.ts';
import { type FieldChange, type FieldConflict, merged } from './merge.ts';
import { gone, withoutComponents } from './removal.ts';
import { References } from './resolve.ts';
import { withoutRings } from './rings.ts';

export interface Named {
  section: Section | 'establishment';
  id: string;
  name: string;
}
export interface Changed extends Named {
  fields: FieldChange[];
}
/** Two sides, of which a person chooses; the map's stands until then. */
export interface Conflict extends Named {
  /** How a choice names it: `components/ehr/name`. */
  key: string;
  /** `removed`: the tool does not tell of the whole thing any more. */
  field: string;
  here: unknown;
  there: unknown;
  because: FieldConflict['because'] | 'still-used';
  /** What still relies on a thing the tool does not tell of any more. */
  usedBy?: string[];
}

const schemas = {
  sites: Site,
  suppliers: Supplier,
  teams: Team,
  wards: Ward,
  contracts: Contract,
  components: Component,
  careFunctions: CareFunction,
} as const satisfies { [section in ImportedSection]: z.ZodType };
/** What others name comes first. */
const order = Object.keys(schemas) as ImportedSection[];

/** The map while an import is laid over it, and what that does, thing by thing. */
export class Draft {
  readonly added: Named[] = [];
  readonly changed: Changed[] = [];
  readonly removed: Named[] = [];
  readonly conflicts: Conflict[] = [];
  readonly said: ImportMemory['things'] = {};
  readonly #all: readonly Matched[];
  readonly #from: string;
  readonly #memory: ImportMemory | undefined;
  readonly #chosen: ReadonlySet<string>;
  readonly #problems: Problems;
  readonly #references: References;
  #map: HospitalMap;

  constructor(
    map: HospitalMap,
    all: readonly Matched[],
    {
      from,
      memory,
      chosen,
      problems,
    }: {
      from: string;
      memory: ImportMemory | undefined;
      chosen: ReadonlySet<string>;
      problems: Problems;
    },
  ) {
    this.#map = map;
    this.#all = all;
    this.#from = from;
    this.#memory = memory?.from === from ? memory : undefined;
    this.#chosen = chosen;
    this.#problems = problems;
    this.#references = new References(map, all, problems);
  }

  map(): HospitalMap {
    return this.#map;
  }

  takeAll(): void {
    const told = new Set(this.#all.filter(({ thing }) => thing === undefined).map(({ told }) => told.section));
    const { sites, wards } = standIns(this.#map, told);
    for (const site of sites) this.#add('sites', site);
    for (const section of order) {
      if (section === 'wards')
        for (const ward of wards) this.#add('wards', { ...ward, site: this.#map.sites[0]?.id ?? '' });
      const things = new Map<string, Thing>(this.#map[section].map((thing) => [thing.id, thing]));
      for (const one of this.#all) if (one.told.section === section) this.#take(one, things);
      // Each was checked against its section's schema.
      this.#map = { ...this.#map, [section]: [...things.values()] };
    }
  }

  /** A machine named like an application is proposed to it once, when it comes: who refuses it is not asked again. */
  proposeAlike(): void {
    const isNew = new Set(
      this.#all.flatMap(({ told, id, thing }) => (told.section === 'components' && thing === undefined ? [id] : [])),
    );
    const found = alike(this.#map.components, (id) => isNew.has(id));
    const components = this.#map.components.map((one): Component => {
      const links = found.get(one.id);
      if (links === undefined) return one;
      const proposed = [...(one.proposed ?? []), ...links];
      const fields = [{ field: 'proposed', from: one.proposed, to: proposed }];
      const before = this.changed.find(({ section, id }) => section === 'components' && id === one.id);
      if (before !== undefined) before.fields.push(...fields);
      else if (!isNew.has(one.id)) this.changed.push({ section: 'components', id: one.id, name: one.name.fr, fields });
      return { ...one, proposed };
    });
    this.#map = { ...this.#map, components };
  }

  #add(section: 'sites' | 'wards', thing: HospitalMap['sites'][number] | HospitalMap['wards'][number]): void {
    this.#map = { ...this.#map, [section]: [...this.#map[section], thing] };
    this.added.push({ section, id: thing.id, name: thing.name.fr });
  }

  #take({ told, id, thing }: Matched, things: Map<string, Thing>): void {
    const { section, key } = told;
    const known = this.#references.resolved(told, told.known);
    const memory = this.#memory?.things[section]?.[key]?.said;
    const about: Named = { section, id, name: told.name };
    if (thing === undefined) {
      const origin = section === 'components' ? { origin: { from: this.#from, id: key } } : {};
      const whole = { id, ...this.#references.resolved(told, told.otherwise), ...known, ...origin };
      const read = this.#read(section, completed(section, whole, this.#map), about, told.place);
      if (read === undefined) return;
      things.set(id, read);
      this.added.push(about);
    } else {
      const keyOf = (field: string) => `${section}/${id}/${field}`;
      const { to, changes, conflicts } = merged(thing, told, known, memory, (field) => this.#chosen.has(keyOf(field)));
      for (const { field, from, to: there, because } of conflicts) {
        this.conflicts.push({ ...about, key: keyOf(field), field, here: from, there, because });
      }
      if (changes.length > 0) {
        const read = this.#read(section, to, about, told.place);
        if (read === undefined) return;
        things.set(id, read);
        this.changed.push({ ...about, fields: changes });
      }
    }
    const remembered = this.said[section] ?? {};
    remembered[key] = { id, said: { ...known } };
    this.said[section] = remembered;
  }

  #read(section: ImportedSection, thing: Fields, about: Named, place: Matched['told']['place']): Thing | undefined {
    const read = schemas[section].safeParse(thing);
    if (read.success) return read.data;
    for (const issue of read.error.issues) {
      const field = issue.path.join('.');
      const found = issue.path.reduce<unknown>(
        (inside, part) => (isGroup(inside) ? inside[String(part)] : undefined),
        thing,
      );
      const isMissing = found === undefined;
      const message = `\`${about.name}\`: \`${field}\` ${isMissing ? 'is missing' : `cannot be \`${String(found).slice(0, 40)}\``}`;
      this.#problems.say({ ...place, field }, isMissing ? 'missing-field' : 'bad-value', message, {
        expected: issue.message,
        kept: 'the rest of the import; this one is left out',
      });
    }
    return undefined;
  }

  /** What the tool told of before and does not any more; `keep`: keys of those a person keeps all the same. */
  removeUntold(keep: ReadonlySet<string>): void {
    const told = new Set(this.#all.map(({ told }) => told.key));
    const untold = this.#map.components.filter(
      ({ id, origin }) => origin?.from === this.#from && !told.has(origin.id) && !keep.has(`components/${id}`),
    );
    const keyOf = (id: string) => `components/${id}/removed`;
    const leaving = new Set<string>();
    for (const { component, because, usedBy } of gone(this.#map, untold, (id) => this.#chosen.has(keyOf(id)))) {
      const about: Named = { section: 'components', id: component.id, name: component.name.fr };
      if (because === undefined) {
        leaving.add(component.id);
        this.removed.push(about);
      } else {
        const sides = { field: 'removed', here: component, there: undefined };
        this.conflicts.push({ ...about, key: keyOf(component.id), ...sides, because, usedBy });
      }
    }
    this.#map = withoutComponents(this.#map, leaving);
  }

  openRings(): void {
    const before = new Set<string>();
    const told = new Set<string>();
    for (const { id, thing } of this.#all) {
      told.add(id);
      const needs = thing !== undefined && 'needs' in thing ? thing.needs : undefined;
      for (const need of needs === undefined ? [] : referencesIn(needs)) before.add(`${id} ${need}`);
    }
    const { components, careFunctions } = this.#map;
    const isNew = (id: string, need: string) => told.has(id) && !before.has(`${id} ${need}`);
    const { things, taken } = withoutRings([...components, ...careFunctions], isNew);
    if (taken.length === 0) return;
    this.#map = {
      ...this.#map,
      components: things.filter((thing) => 'kind' in thing),
      careFunctions: things.filter((thing) => 'tier' in thing),
    };
    const place = new Map(this.#all.map(({ told, id }) => [id, told.place]));
    for (const { id, need, ring } of taken) {
      const message = `${[...ring, ring[0]].map((one) => `\`${one}\``).join(' needs ')}: things cannot need themselves`;
      this.#problems.say({ file: '', ...place.get(id) }, 'needs-itself', message, {
        expected: 'links without a ring',
        kept: `\`${id}\` needs \`${need}\` is a proposal, which counts for nothing until a person confirms it`,
      });
    }
  }
}

const isGroup = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
