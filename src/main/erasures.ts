import type { HospitalWorld } from './world.ts';

/**
 * Obeys orders to erase: the key goes, state and snapshots are folded again without it, and the journal says that it is done.
 * A hub killed between the two finds the order still open when it starts.
 */
export class Erasures {
  readonly #world: HospitalWorld;
  readonly #stop: () => void;
  readonly #begun = new Set<string>();
  #done: Promise<void> = Promise.resolve();

  constructor(world: HospitalWorld) {
    this.#world = world;
    const look = () => {
      for (const subject of world.state.access.erasures) if (!this.#begun.has(subject)) this.#erase(subject);
    };
    this.#stop = world.journal.queue.onDurable(look);
    look();
  }

  /** Once everything ordered so far is erased. */
  async settled(): Promise<void> {
    await this.#done;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#done;
  }

  #erase(subject: string): void {
    const { journal, options } = this.#world;
    this.#begun.add(subject);
    this.#done = this.#done
      .then(async () => {
        const erased = await journal.erase(subject);
        const recorded = erased.ok
          ? await this.#world.submit({ type: 'RecordErasure', subject } as { type: string }, {
              actor: 'worker:erasures',
            })
          : erased;
        if (!recorded.ok) options.onTrouble(`erasing: ${recorded.refusal.code}`, undefined);
      })
      .catch((error: unknown) => options.onTrouble('erasing', error))
      .finally(() => this.#begun.delete(subject));
  }
}
