import { longestGap } from '../map/returns/dataLoss.ts';
import type { BackupSource } from '../restore/ports.ts';
import type { HospitalWorld } from './world.ts';

/** A night comes once a day: a backup that is late shows within a quarter of one. */
const EVERY_MILLISECONDS = 6 * 3_600_000;

/**
 * Reads in the backups themselves how far apart they are, now and then, for as long as it lives. A source that does not answer keeps
 * what was read of it before, with its age. Kept in memory: whoever starts reads it again.
 */
export class BackupPeriods {
  readonly #world: HospitalWorld;
  readonly #source: (name: string) => BackupSource | undefined;
  readonly #stop = new AbortController();
  readonly #unsubscribe: () => void;
  #next = 0;
  #reading: Promise<void> | undefined;

  constructor(world: HospitalWorld, source: (name: string) => BackupSource | undefined) {
    this.#world = world;
    this.#source = source;
    this.#unsubscribe = world.onTick(() => this.#read());
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#stop.abort();
    await this.#reading;
  }

  #read(): void {
    const now = this.#world.options.clock.now();
    if (this.#reading !== undefined || now < this.#next) return;
    const { compiled } = this.#world.map();
    if (compiled === null) return;
    this.#next = now + EVERY_MILLISECONDS;
    const policies = [...compiled.components.values()].flatMap(({ id, restore }) =>
      restore === undefined ? [] : { id, restore },
    );
    this.#reading = this.#readAll(policies, now)
      .catch((error: unknown) => this.#world.options.onTrouble('periods of backups', error))
      .finally(() => {
        this.#reading = undefined;
      });
  }

  async #readAll(policies: readonly { id: string; restore: { source: string } }[], now: number): Promise<void> {
    for (const { id, restore } of policies) {
      const source = this.#source(restore.source);
      if (source === undefined || this.#stop.signal.aborted) continue;
      const found = await source.snapshots({ signal: this.#stop.signal, progress: () => {} });
      if (!found.ok) {
        this.#world.options.onTrouble(`periods of ${restore.source}: ${found.refusal.code}`, found.refusal.message);
        continue;
      }
      const instants = found.value.map(({ time }) => Date.parse(time));
      this.#world.measuredPeriod(id, longestGap(instants, now), now);
    }
  }
}
