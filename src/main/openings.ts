import { forward } from '../adapters/loopback/forward.ts';
import { compile } from '../map/compile.ts';
import type { RestoreConfiguration } from '../restore/configuration.ts';
import { componentsOf } from '../restore/plan.ts';
import type { RestorationWorker } from '../restore/worker.ts';
import type { HospitalWorld } from './world.ts';

/** Ports of restored services that clinicians may reach: opened when a care function that rests on them is released, and again after a restart. */
export class Openings {
  readonly #open = new Map<string, { component: string; inside: number; port: number } & AsyncDisposable>();
  readonly #unsubscribe: () => void;
  #opening: Promise<void> = Promise.resolve();

  constructor(world: HospitalWorld, configuration: RestoreConfiguration, worker: RestorationWorker) {
    const refresh = () => {
      this.#opening = this.#opening
        .then(() => this.#refresh(world, configuration, worker))
        .catch((error: unknown) => world.options.onTrouble('openings', error));
    };
    this.#unsubscribe = world.journal.queue.onDurable(({ events }) => {
      if (events.some((event) => event.type === 'CareFunctionReleased' || event.type === 'CleanRoomOpened')) refresh();
    });
    refresh();
  }

  /** What is open, once everything asked for so far is. */
  async list(): Promise<{ component: string; inside: number; port: number }[]> {
    await this.#opening;
    return [...this.#open.values()].map(({ component, inside, port }) => ({ component, inside, port }));
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#opening;
    for (const one of this.#open.values()) await one[Symbol.asyncDispose]();
    this.#open.clear();
  }

  async #refresh(world: HospitalWorld, configuration: RestoreConfiguration, worker: RestorationWorker): Promise<void> {
    const { document } = world.state.map;
    if (document === null) return;
    const map = compile(document);
    for (const recovery of Object.values(world.state.restore.recoveries)) {
      if (recovery.closed === 'abandoned') continue;
      const released = new Set(
        Object.keys(recovery.released).flatMap((careFunction) => componentsOf(map, careFunction)),
      );
      for (const section of configuration.services.filter(({ component }) => released.has(component))) {
        for (const [inside, outside] of Object.entries(section.opens)) {
          const key = `${section.component}:${inside}`;
          const gateway = worker.member(section.component)?.gateway[inside];
          if (gateway === undefined || this.#open.has(key)) continue;
          const way = await forward(gateway, outside);
          this.#open.set(key, {
            component: section.component,
            inside: Number(inside),
            port: way.port,
            [Symbol.asyncDispose]: () => way[Symbol.asyncDispose](),
          });
        }
      }
    }
  }
}
