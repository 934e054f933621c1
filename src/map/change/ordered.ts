/** A list of things by id whose order people set. */
export interface Listing<Thing extends { id: string }> {
  get(id: string): Thing | undefined;
  /** The thing it stands before; null: it stands last. */
  before(id: string): string | null;
  /** Keeps the place of a known thing, unless told one; a new one comes last. False where `before` is not there. */
  put(thing: Thing, before?: string | null): boolean;
  remove(id: string): void;
  list(): Thing[];
}

/** Up to so many steps, looking through the list costs less than making an index of it. */
const fewSteps = 16;

/** For so many steps on a list that stays as it is. */
export const listing = <Thing extends { id: string }>(things: readonly Thing[], steps: number): Listing<Thing> =>
  steps > fewSteps ? new Ordered(things) : new Looked(things);

class Looked<Thing extends { id: string }> implements Listing<Thing> {
  readonly #things: Thing[];

  constructor(things: readonly Thing[]) {
    this.#things = [...things];
  }

  get(id: string): Thing | undefined {
    return this.#things.find((thing) => thing.id === id);
  }

  before(id: string): string | null {
    return this.#things[this.#things.findIndex((thing) => thing.id === id) + 1]?.id ?? null;
  }

  put(thing: Thing, before?: string | null): boolean {
    const things = this.#things;
    const from = things.findIndex(({ id }) => id === thing.id);
    if (from >= 0 && before === undefined) {
      things[from] = thing;
      return true;
    }
    const isThere = typeof before !== 'string' || (before !== thing.id && things.some(({ id }) => id === before));
    if (!isThere) return false;
    if (from >= 0) things.splice(from, 1);
    const to = typeof before === 'string' ? things.findIndex(({ id }) => id === before) : things.length;
    things.splice(to, 0, thing);
    return true;
  }

  remove(id: string): void {
    const at = this.#things.findIndex((thing) => thing.id === id);
    if (at >= 0) this.#things.splice(at, 1);
  }

  list(): Thing[] {
    return this.#things;
  }
}

/** Every step takes the same time however long the list is. */
export class Ordered<Thing extends { id: string }> implements Listing<Thing> {
  readonly #things = new Map<string, Thing>();
  readonly #next = new Map<string | null, string | null>();
  readonly #previous = new Map<string | null, string | null>();

  constructor(things: readonly Thing[]) {
    // The ring starts and ends at null.
    this.#link(null, null);
    for (const thing of things) this.put(thing);
  }

  get(id: string): Thing | undefined {
    return this.#things.get(id);
  }

  before(id: string): string | null {
    return this.#next.get(id) ?? null;
  }

  put(thing: Thing, before?: string | null): boolean {
    const { id } = thing;
    if (before !== undefined && before !== null && (before === id || !this.#things.has(before))) return false;
    const isKnown = this.#things.has(id);
    this.#things.set(id, thing);
    if (isKnown && before === undefined) return true;
    if (isKnown) this.#unlink(id);
    const next = before ?? null;
    this.#link(this.#previous.get(next) ?? null, id);
    this.#link(id, next);
    return true;
  }

  remove(id: string): void {
    if (this.#things.delete(id)) this.#unlink(id);
  }

  list(): Thing[] {
    const list: Thing[] = [];
    for (let id = this.#next.get(null) ?? null; id !== null; id = this.#next.get(id) ?? null) {
      const thing = this.#things.get(id);
      if (thing !== undefined) list.push(thing);
    }
    return list;
  }

  #link(one: string | null, other: string | null): void {
    this.#next.set(one, other);
    this.#previous.set(other, one);
  }

  #unlink(id: string): void {
    this.#link(this.#previous.get(id) ?? null, this.#next.get(id) ?? null);
    this.#next.delete(id);
    this.#previous.delete(id);
  }
}
