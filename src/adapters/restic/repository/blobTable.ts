export type BlobKind = 'data' | 'tree';

/** Where a blob stands. */
export interface BlobPlace {
  pack: string;
  /** Bytes inside the pack, seal included. */
  offset: number;
  length: number;
  /** Length once opened and decompressed; `compressed` says whether it must be. */
  plainLength: number;
  compressed: boolean;
}

const idBytes = 32;
/** Column of each entry: pack, offset, length, plain length × 2 + compressed is too wide for 32 bits, hence five. */
const columns = 5;
const [PACK, OFFSET, LENGTH, PLAIN, NEXT] = [0, 1, 2, 3, 4] as const;
const none = 0xffff_ffff;

/**
 * All blobs of a repository: 32 bytes of id and 21 of place each, instead of some hundred in a `Map` (a repository of 10 TB
 * holds ten million). An entry is a number, in the order of adding; one id may have several, in different packs.
 */
export class BlobTable {
  readonly packs: string[] = [];
  readonly #packNumbers = new Map<string, number>();
  #count = 0;
  #ids = Buffer.alloc(idBytes * 1024);
  #places = new Uint32Array(columns * 1024);
  #kinds = new Uint8Array(1024);
  /** Open addressing; each slot holds the newest entry of an id, `none` where free. */
  #slots = new Uint32Array(2048).fill(none);
  readonly #asked = Buffer.alloc(idBytes);

  get size(): number {
    return this.#count;
  }

  /** Adds one place of a blob; the same place told twice (indexes repeat each other) is kept once. */
  add(id: string, kind: BlobKind, place: BlobPlace): void {
    const pack = this.#packNumber(place.pack);
    this.#asked.write(id, 'hex');
    let slot = this.#slotOf();
    const known = this.#slots[slot] ?? none;
    for (let entry = known; entry !== none; entry = this.#at(entry, NEXT))
      if (this.#at(entry, PACK) === pack && this.#at(entry, OFFSET) === place.offset && this.kind(entry) === kind)
        return;
    if (this.#count * 2 >= this.#slots.length || (this.#count + 1) * idBytes > this.#ids.length) {
      this.#grow();
      slot = this.#slotOf();
    }
    const entry = this.#count++;
    this.#asked.copy(this.#ids, entry * idBytes);
    this.#places.set([pack, place.offset, place.length, place.plainLength, known], entry * columns);
    this.#kinds[entry] = (kind === 'tree' ? 1 : 0) | (place.compressed ? 2 : 0);
    this.#slots[slot] = entry;
  }

  /** The places of a blob, newest first; empty where no index knows it. */
  find(id: string, kind: BlobKind): number[] {
    this.#asked.write(id, 'hex');
    const found: number[] = [];
    for (let entry = this.#slots[this.#slotOf()] ?? none; entry !== none; entry = this.#at(entry, NEXT))
      if (this.kind(entry) === kind) found.push(entry);
    return found;
  }

  id(entry: number): string {
    return this.#ids.toString('hex', entry * idBytes, (entry + 1) * idBytes);
  }

  kind(entry: number): BlobKind {
    return ((this.#kinds[entry] ?? 0) & 1) === 1 ? 'tree' : 'data';
  }

  packNumber(entry: number): number {
    return this.#at(entry, PACK);
  }

  place(entry: number): BlobPlace {
    return {
      pack: this.packs[this.#at(entry, PACK)] ?? '',
      offset: this.#at(entry, OFFSET),
      length: this.#at(entry, LENGTH),
      plainLength: this.#at(entry, PLAIN),
      compressed: ((this.#kinds[entry] ?? 0) & 2) === 2,
    };
  }

  plainLength(entry: number): number {
    return this.#at(entry, PLAIN);
  }

  /** The entries of each pack (by its number in `packs`), in the order of their bytes. */
  byPack(): number[][] {
    const lists: number[][] = this.packs.map(() => []);
    for (let entry = 0; entry < this.#count; entry += 1) lists[this.#at(entry, PACK)]?.push(entry);
    for (const list of lists) list.sort((one, other) => this.#at(one, OFFSET) - this.#at(other, OFFSET));
    return lists;
  }

  #at(entry: number, column: number): number {
    return this.#places[entry * columns + column] ?? 0;
  }

  #packNumber(pack: string): number {
    const known = this.#packNumbers.get(pack);
    if (known !== undefined) return known;
    this.#packNumbers.set(pack, this.packs.length);
    return this.packs.push(pack) - 1;
  }

  /** Where the asked id stands, or may be put. */
  #slotOf(): number {
    const mask = this.#slots.length - 1;
    let slot = this.#asked.readUInt32LE(0) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? none;
      if (entry === none) return slot;
      if (this.#asked.compare(this.#ids, entry * idBytes, (entry + 1) * idBytes) === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const asked = Buffer.from(this.#asked);
    const room = (this.#ids.length / idBytes) * 2;
    this.#ids = Buffer.concat([this.#ids], room * idBytes);
    const places = new Uint32Array(room * columns);
    places.set(this.#places);
    this.#places = places;
    const kinds = new Uint8Array(room);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    this.#slots = new Uint32Array(room * 2).fill(none);
    // In the order of adding: the newest entry of an id ends in its slot.
    for (let entry = 0; entry < this.#count; entry += 1) {
      this.#ids.copy(this.#asked, 0, entry * idBytes, (entry + 1) * idBytes);
      this.#slots[this.#slotOf()] = entry;
    }
    asked.copy(this.#asked);
  }
}
