import type { Refusal } from '../journal/result.ts';
import type { PlacedProbe } from './restorationPorts.ts';
import type { HospitalWorld } from './world.ts';

const by = { actor: 'worker:healthyFacts' } as const;

/**
 * Asks every clinical probe of the hospital's own services and records what they say, as what was true at `at`.
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
