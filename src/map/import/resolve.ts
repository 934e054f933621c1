import { nearest } from '../document/nearest.ts';
import { shortReference } from '../document/reference.ts';
import type { HospitalMap, Need } from '../model.ts';
import type { Fields, ImportedSection, Problems, Told } from './imported.ts';
import { type Matched, namesOf } from './match.ts';
import { sameName } from './names.ts';
import { mapped } from './needs.ts';

/** What each field that names others may name. */
const named: { readonly [section in ImportedSection]: { readonly [field: string]: readonly ImportedSection[] } } = {
  sites: {},
  wards: { site: ['sites'], accessPoints: ['components'] },
  suppliers: { reliesOn: ['suppliers'] },
  contracts: { supplier: ['suppliers'], covers: ['components'] },
  teams: {},
  careFunctions: {
    wards: ['wards'],
    partOf: ['careFunctions'],
    needs: ['components', 'careFunctions'],
    proposed: ['components', 'careFunctions'],
  },
  components: {
    site: ['sites'],
    supplier: ['suppliers'],
    team: ['teams'],
    needs: ['components', 'careFunctions'],
    proposed: ['components', 'careFunctions'],
  },
};

/** Says what the references of an import mean on the map: ids of its own things, ids of the map's, or names. */
export class References {
  readonly #own: string;
  readonly #ids = new Map<string, string>();
  readonly #names = new Map<string, Set<string>>();
  readonly #problems: Problems;

  constructor(map: HospitalMap, things: readonly Matched[], problems: Problems) {
    this.#own = map.establishment.id;
    this.#problems = problems;
    for (const section of Object.keys(named) as ImportedSection[]) {
      for (const thing of map[section]) {
        this.#ids.set(`${section} ${thing.id}`, thing.id);
        for (const name of namesOf(thing)) this.#name(section, name, thing.id);
      }
    }
    // The import's own ids come before the map's: within it, they are what its references mean.
    for (const { told, id } of things) {
      this.#ids.set(`${told.section} ${told.key}`, id);
      this.#name(told.section, sameName(told.name), id);
    }
    for (const { told, id } of things) this.#ids.set(`${told.section} ${told.id}`, id);
  }

  #name(section: ImportedSection, name: string, id: string): void {
    const key = `${section} ${name}`;
    this.#names.set(key, (this.#names.get(key) ?? new Set()).add(id));
  }

  /** Some fields of a thing, in the map's own ids; what names nothing is said, and left out. */
  resolved(told: Told, said: Fields): Fields {
    const fields: { [field: string]: unknown } = {};
    for (const [field, value] of Object.entries(said)) {
      const sections = named[told.section][field];
      const meant = sections === undefined ? value : this.#field(told, field, value, sections);
      if (meant !== undefined) fields[field] = meant;
    }
    return fields;
  }

  #field(told: Told, field: string, value: unknown, sections: readonly ImportedSection[]): unknown {
    const to = (text: string) => this.#meant(told, field, text, sections);
    if (typeof value === 'string') return to(value);
    if (field === 'needs') return mapped(value as Need, to);
    if (!Array.isArray(value)) return undefined;
    const list = (value as (string | { need: string })[]).flatMap((one): (string | { need: string })[] => {
      const meant = to(typeof one === 'string' ? one : one.need);
      if (meant === undefined) return [];
      return [typeof one === 'string' ? meant : { ...one, need: meant }];
    });
    return list.length === 0 ? undefined : list;
  }

  #meant(told: Told, field: string, text: string, sections: readonly ImportedSection[]): string | undefined {
    const short = shortReference(text.trim(), this.#own);
    for (const section of sections) {
      const id = this.#ids.get(`${section} ${short}`);
      if (id !== undefined) return id;
    }
    const found = sections.flatMap((section) => [...(this.#names.get(`${section} ${sameName(text)}`) ?? [])]);
    if (found.length === 1) return found[0];
    const place = { ...told.place, field: told.place.field ?? field };
    if (found.length > 1) {
      const message = `\`${told.name}\`: \`${text}\` is the name of several: ${found.join(', ')}`;
      this.#problems.say(place, 'ambiguous-name', message, {
        expected: 'the id of one of them',
        kept: 'the link is left out',
      });
      return undefined;
    }
    const near = this.#problems.list.length < guessesMax ? nearest(short, this.#known(sections)) : undefined;
    const message = `\`${told.name}\`: \`${text}\` is neither in this import nor on the map`;
    const expected =
      near === undefined ? 'the id or the name of a thing of this import or of the map' : `did you mean \`${near}\`?`;
    this.#problems.say(place, 'unknown-reference', message, { expected, kept: 'the link is left out' });
    return undefined;
  }

  *#known(sections: readonly ImportedSection[]): Generator<string> {
    for (const key of this.#ids.keys()) {
      const [section = '', id = ''] = key.split(' ');
      if (sections.some((one) => one === section)) yield id;
    }
  }
}

/** Nearest names looked for in one import: each takes a walk over all names. */
const guessesMax = 50;
