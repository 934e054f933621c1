/** A list of things by id whose order people set; every step takes the same time however long it is. */
export class Ordered<Thing extends { id: string }> {
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

  /** The thing it stands before; null: it stands last. */
  before(id: string): string | null {
    return this.#next.get(id) ?? null;
  }

  /** Keeps the place of a known thing, unless told one; a new one comes last. False where `before` is not there. */
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
