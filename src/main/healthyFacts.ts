import { stateOf } from '../detect/state.ts';
import type { Refusal } from '../journal/result.ts';
import type { PlacedProbe } from './restorationPorts.ts';
import type { HospitalWorld } from './world.ts';

const by = { actor: 'worker:healthyFacts' } as const;

/** A backup is compared with the last facts taken before it: at most this much older than it. Kept, they reach a hundred days back. */
const EVERY_MILLISECONDS = 6 * 3_600_000;
/** A service that did not answer is asked again after this long. */
const AGAIN_MILLISECONDS = 10 * 60_000;

/**
 * Asks clinical probes of the hospital's own services and records what they say, as what was true at `at`.
 * A service that does not answer leaves its earlier facts as they are, and is named.
 */
export async function recordHealthyFacts(
  world: HospitalWorld,
  probes: ReadonlyMap<string, PlacedProbe>,
  at: Date,
  signal: AbortSignal,
): Promise<{ probe: string; refusal: Refusal }[]> {
  const silent: { probe: string; refusal: Refusal }[] = [];
  for (const [name, { probe, component, live }] of probes) {
    const asked = await probe.ask(live, signal);
    if (signal.aborted) break;
    const recorded = asked.ok
      ? await world.journal.queue.submit(
          { type: 'RecordHealthyFacts', component, probe: name, facts: asked.value, at: at.toISOString() },
          by,
        )
      : asked;
    if (!recorded.ok) silent.push({ probe: name, refusal: recorded.refusal });
  }
  return silent;
}

/** Takes the facts of what is seen to be up, now and then, for as long as it lives. Nothing is asked of what is down or unknown. */
export class HealthyFacts {
  readonly #world: HospitalWorld;
  readonly #probes: ReadonlyMap<string, PlacedProbe>;
  readonly #again = new Map<string, number>();
  readonly #stop = new AbortController();
  readonly #unsubscribe: () => void;
  #taking: Promise<void> | undefined;

  constructor(world: HospitalWorld, probes: ReadonlyMap<string, PlacedProbe>) {
    this.#world = world;
    this.#probes = probes;
    this.#unsubscribe = world.onTick(() => this.#take());
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#stop.abort();
    await this.#taking;
  }

  #take(): void {
    if (this.#taking !== undefined) return;
    const now = this.#world.options.clock.now();
    const due = new Map([...this.#probes].filter(([name, { component }]) => this.#isDue(name, component, now)));
    if (due.size === 0) return;
    for (const name of due.keys()) this.#again.set(name, now + AGAIN_MILLISECONDS);
    this.#taking = recordHealthyFacts(this.#world, due, new Date(now), this.#stop.signal)
      .then((silent) => {
        for (const { probe, refusal } of silent)
          this.#world.options.onTrouble(`facts of ${probe}: ${refusal.code}`, refusal.message);
      })
      .catch((error: unknown) => this.#world.options.onTrouble('facts', error))
      .finally(() => {
        this.#taking = undefined;
      });
  }

  #isDue(name: string, component: string, now: number): boolean {
    const { detect, restore } = this.#world.state;
    if ((this.#again.get(name) ?? 0) > now || stateOf(detect, component) !== 'up') return false;
    const last = restore.healthy[component]?.[name]?.at(-1);
    return last === undefined || now - Date.parse(last.at) >= EVERY_MILLISECONDS;
  }
}
