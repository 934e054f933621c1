import { forward } from '../adapters/loopback/forward.ts';
import type { RestoreConfiguration } from '../restore/configuration.ts';
import { carrying } from '../restore/progress.ts';
import type { RestorationWorker } from '../restore/worker.ts';
import type { HospitalWorld } from './world.ts';

/** A port that clinicians may reach, and the gateway of the restored service behind it. */
interface Opening {
  component: string;
  inside: number;
  outside: number;
  gateway: string;
}

/**
 * Ports of restored services that clinicians may reach: opened when a care function that rests on them is released, and again
 * after a restart, of ours or of the service. Where two recoveries brought the same service back, the last released serves.
 */
export class Openings {
  readonly #world: HospitalWorld;
  readonly #configuration: RestoreConfiguration;
  readonly #worker: RestorationWorker;
  readonly #open = new Map<string, Opening & { port: number; close(): Promise<void> }>();
  readonly #told = new Set<string>();
  readonly #unsubscribe: (() => void)[];
  #opening: Promise<void> = Promise.resolve();

  constructor(world: HospitalWorld, configuration: RestoreConfiguration, worker: RestorationWorker) {
    this.#world = world;
    this.#configuration = configuration;
    this.#worker = worker;
    const refresh = () => {
      this.#opening = this.#opening.then(() => this.#refresh());
    };
    this.#unsubscribe = [
      world.journal.queue.onDurable(({ events }) => {
        if (events.some((event) => event.type === 'CareFunctionReleased' || event.type === 'CleanRoomOpened'))
          refresh();
      }),
      // A port that another program holds may be free later.
      world.onTick(() => {
        if (this.#told.size > 0) refresh();
      }),
    ];
    refresh();
  }

  /** What is open, once everything asked for so far is. */
  async list(): Promise<{ component: string; inside: number; port: number }[]> {
    await this.#opening;
    return [...this.#open.values()].map(({ component, inside, port }) => ({ component, inside, port }));
  }

  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#opening;
    for (const one of this.#open.values()) await one.close();
    this.#open.clear();
  }

  async #refresh(): Promise<void> {
    const wanted = this.#wanted();
    for (const [key, one] of this.#open) {
      if (wanted.get(key)?.gateway === one.gateway) continue;
      await one.close();
      this.#open.delete(key);
    }
    for (const [key, opening] of wanted) {
      if (this.#open.has(key)) continue;
      try {
        const way = await forward(opening.gateway, opening.outside);
        const close = async () => way[Symbol.asyncDispose]();
        this.#open.set(key, { ...opening, port: way.port, close });
        this.#told.delete(key);
      } catch (error) {
        if (!this.#told.has(key)) this.#world.options.onTrouble(`opening ${key}`, error);
        this.#told.add(key);
      }
    }
  }

  #wanted(): Map<string, Opening> {
    const wanted = new Map<string, Opening>();
    const recoveries = Object.values(this.#world.state.restore.recoveries).filter(
      ({ closed }) => closed !== 'abandoned',
    );
    const releases = recoveries
      .flatMap((recovery) =>
        Object.entries(recovery.released).map(([careFunction, { at }]) => ({ recovery, careFunction, at })),
      )
      .toSorted((one, other) => one.at.localeCompare(other.at));
    for (const { recovery, careFunction } of releases) {
      const carried = new Set(carrying(recovery, careFunction).map(({ component }) => component));
      for (const { component, opens } of this.#configuration.services.filter((one) => carried.has(one.component))) {
        const member = this.#worker.member(recovery.recovery, component);
        for (const [inside, outside] of Object.entries(opens)) {
          const gateway = member?.gateway[inside];
          if (gateway !== undefined)
            wanted.set(`${component}:${inside}`, { component, inside: Number(inside), outside, gateway });
        }
      }
    }
    return wanted;
  }
}
