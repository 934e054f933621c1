import type { Bytes } from './bytes.ts';

const PAGE_BYTES = 64 * 1024;
/** 16 MB for each volume: inodes and folders are asked for again and again. */
const PAGES_MAX = 256;

/** Keeps the pages that small reads touched last; large ones pass by. */
export class Cached implements Bytes {
  readonly size: number;
  readonly #of: Bytes;
  readonly #pages = new Map<number, Promise<Buffer>>();

  constructor(of: Bytes) {
    this.#of = of;
    this.size = of.size;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const first = Math.floor(offset / PAGE_BYTES);
    const last = Math.floor((offset + length - 1) / PAGE_BYTES);
    if (length <= 0 || length > PAGE_BYTES || offset < 0 || offset + length > this.size)
      return this.#of.read(offset, length);
    const inside = offset - first * PAGE_BYTES;
    const page = await this.#page(first);
    if (first === last) return page.subarray(inside, inside + length);
    return Buffer.concat([page.subarray(inside), await this.#page(last)]).subarray(0, length);
  }

  #page(index: number): Promise<Buffer> {
    const start = index * PAGE_BYTES;
    const page = this.#pages.get(index) ?? this.#of.read(start, Math.min(PAGE_BYTES, this.size - start));
    this.#pages.delete(index);
    this.#pages.set(index, page);
    page.catch(() => this.#pages.delete(index));
    for (const [oldest] of this.#pages) {
      if (this.#pages.size <= PAGES_MAX) break;
      this.#pages.delete(oldest);
    }
    return page;
  }
}

/** The last tables or clusters of an image that were wanted. */
export class Recent<Value> {
  readonly #kept = new Map<number, Promise<Value>>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(key: number, make: () => Promise<Value>): Promise<Value> {
    const value = this.#kept.get(key) ?? make();
    this.#kept.delete(key);
    this.#kept.set(key, value);
    value.catch(() => this.#kept.delete(key));
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= this.#max) break;
      this.#kept.delete(oldest);
    }
    return value;
  }
}
