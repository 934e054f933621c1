import type { World, WorldDirectory } from '../server/ports.ts';

/** The worlds of one process, by id. */
export class Worlds implements WorldDirectory {
  readonly #worlds = new Map<string, World>();
  readonly #listeners = new Set<(id: string) => void>();

  get(id: string): World | undefined {
    return this.#worlds.get(id);
  }

  list(): readonly World[] {
    return [...this.#worlds.values()];
  }

  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(world: World): void {
    this.#worlds.set(world.info().id, world);
    this.changed(world.info().id);
  }

  remove(id: string): void {
    if (this.#worlds.delete(id)) this.changed(id);
  }

  /** Its `info()` says something else than a moment ago: speed, read-only, end of its story. */
  changed(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
