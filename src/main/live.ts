import { accept, type Result } from '../journal/result.ts';
import { Erasures } from './erasures.ts';
import { Establishment, type EstablishmentOptions } from './establishment.ts';
import type { HospitalWorld } from './world.ts';

/** The establishment at work now: an example, until the hospital's own takes its place under the same hub. */
export class Live {
  #establishment: Establishment;
  #erasures: Erasures;
  readonly #options: Omit<EstablishmentOptions, 'configuration'>;

  static async open(
    options: Omit<EstablishmentOptions, 'configuration'>,
    configuration: string,
  ): Promise<Result<Live>> {
    const opened = await Establishment.open({ ...options, configuration });
    return opened.ok ? accept(new Live(options, opened.value)) : opened;
  }

  private constructor(options: Omit<EstablishmentOptions, 'configuration'>, establishment: Establishment) {
    this.#options = options;
    this.#establishment = establishment;
    this.#erasures = new Erasures(establishment.world);
  }

  get establishment(): Establishment {
    return this.#establishment;
  }

  get world(): HospitalWorld {
    return this.#establishment.world;
  }

  /** Ends the one at work, and opens the one whose configuration `between` answers with. */
  async replace(between: () => Promise<string>): Promise<Result<void>> {
    await this.close();
    const configuration = await between();
    const opened = await Establishment.open({ ...this.#options, configuration });
    if (!opened.ok) return opened;
    this.#establishment = opened.value;
    this.#erasures = new Erasures(opened.value.world);
    return accept(undefined);
  }

  async close(): Promise<void> {
    await this.#erasures.close();
    await this.#establishment.close();
  }
}
