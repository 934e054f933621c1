import type { World, WorldDirectory } from '../server/ports.ts';

/** A world that says when what it is changes otherwise than by time passing. */
export interface ChangingWorld extends World {
  /** Calls when it becomes read-only, or no longer is. Returns how to stop. */
  onReadOnly(listener: () => void): () => void;
}

/** The worlds of one process, by id. */
export class Worlds implements WorldDirectory {
  readonly #worlds = new Map<string, { world: World; stopListening: () => void }>();
  readonly #listeners = new Set<(id: string) => void>();

  get(id: string): World | undefined {
    return this.#worlds.get(id)?.world;
  }

  list(): readonly World[] {
    return [...this.#worlds.values()].map(({ world }) => world);
  }

  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(world: ChangingWorld): void {
    const { id } = world.info();
    this.#worlds.get(id)?.stopListening();
    this.#worlds.set(id, { world, stopListening: world.onReadOnly(() => this.changed(id)) });
    this.changed(id);
  }

  remove(id: string): void {
    const known = this.#worlds.get(id);
    if (known === undefined) return;
    known.stopListening();
    this.#worlds.delete(id);
    this.changed(id);
  }

  /** Its `info()` says something else than a moment ago: speed, read-only, end of its story. */
  changed(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
