import type { Fields, ImportedSection, Place, Told } from '../../map/import/imported.ts';
import { idOf } from '../../map/import/names.ts';
import type { ComponentKind, Need, ProposedLink } from '../../map/model.ts';
import { line } from './text.ts';

interface Entry {
  told: Told;
  needs: Need[];
  proposed: ProposedLink[];
}

/**
 * What a tool's records come to, gathered one relation at a time. Things are called by the tool's own keys, which are also what
 * needs name until the review finds their ids on the map.
 */
export class Inventory {
  readonly #entries = new Map<string, Entry>();

  /** The first record of a key is kept; false where there is one already. */
  put(
    section: ImportedSection,
    key: string,
    name: string,
    place: Place,
    known: Fields = {},
    otherwise: Fields = {},
  ): boolean {
    const called = line(name) || key;
    if (this.#entries.has(key)) return false;
    const named = section === 'suppliers' ? called : { fr: called };
    const told = { section, key, id: idOf(called), name: called, place, known: { name: named, ...known }, otherwise };
    this.#entries.set(key, { told, needs: [], proposed: [] });
    return true;
  }

  component(kind: ComponentKind, key: string, name: string, place: Place, known: Fields = {}): boolean {
    return this.put('components', key, name, place, { kind, ...known });
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  nameOf(key: string): string {
    return this.#entries.get(key)?.told.name ?? key;
  }

  /** `key` needs another thing of the inventory; what is not in it, or itself, is no need. */
  need(key: string, on: string): void {
    if (key !== on && this.#entries.has(on)) this.#entries.get(key)?.needs.push({ need: on });
  }

  /** `key` goes on while one of several is there. */
  needAny(key: string, on: readonly string[]): void {
    const there = [...new Set(on)].filter((one) => one !== key && this.#entries.has(one));
    const [first] = there;
    if (first === undefined) return;
    const need: Need = there.length === 1 ? { need: first } : { any: there.map((one) => ({ need: one })) };
    this.#entries.get(key)?.needs.push(need);
  }

  /** As `needAny`, of needs that may be groups themselves. */
  needOneOf(key: string, needs: readonly Need[]): void {
    const each = [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
    const [first] = each;
    if (first !== undefined) this.#entries.get(key)?.needs.push(each.length === 1 ? first : { any: each });
  }

  kindOf(key: string): unknown {
    return this.#entries.get(key)?.told.known.kind;
  }

  propose(key: string, on: string, because: string): void {
    if (key === on || !this.#entries.has(on)) return;
    const proposed = this.#entries.get(key)?.proposed;
    if (proposed?.some(({ need }) => need === on) === false) proposed.push({ need: on, because: line(because) });
  }

  things(): Told[] {
    return [...this.#entries.values()].map(({ told, needs, proposed }) => {
      const each = new Map(needs.map((need) => [JSON.stringify(need), need]));
      const [first, ...others] = each.values();
      const needed = new Set(needs.flatMap((need) => ('need' in need ? [need.need] : [])));
      const open = proposed.filter(({ need }) => !needed.has(need));
      const links = {
        ...(first === undefined ? {} : { needs: others.length === 0 ? first : { all: [first, ...others] } }),
        ...(open.length === 0 ? {} : { proposed: open }),
      };
      return { ...told, known: { ...told.known, ...links } };
    });
  }
}
