import { join } from 'node:path';
import type { HelperClient } from '../../adapters/cleanRoom/cleanRoom.ts';
import { sealerOfThisLife } from '../../adapters/keys/masterSealer.ts';
import type { Secrets } from '../../detect/ports.ts';
import { memoryEngine } from '../../journal/memory.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { FactCheck, RestoreEvent } from '../../restore/events.ts';
import type { ProofOutcome } from '../../restore/proof/events.ts';
import type { StepKind } from '../../restore/step.ts';
import { realClock } from '../clock.ts';
import { configurationInvalid, readRestoration } from '../configuration.ts';
import type { HospitalCommand, HospitalState } from '../hospital.ts';
import { importDocuments } from '../imports.ts';
import { RestorationRunner } from '../restoration.ts';
import { restorationPorts } from '../restorationPorts.ts';
import { HospitalWorld } from '../world.ts';
import { meansOf } from './means.ts';

export interface ProveOptions {
  component: string;
  configuration: string;
  secrets: Secrets;
  cleanRoom: HelperClient;
  /** Ours, for what is restored: the caller removes it. */
  folder: string;
  /** Of the hub whose helper this is: a later one would fence that hub out of its own rooms. */
  epoch: number;
  /** What was known of the hospital's services, from its journal: without facts nothing can be verified. */
  facts: readonly HospitalCommand[];
  signal: AbortSignal;
  onStep(component: string, step: StepKind): void;
  onTrouble(what: string, error: unknown): void;
}

export interface Proved {
  /** Whether the component was proved. */
  ok: boolean;
  component: string;
  outcome: ProofOutcome['outcome'];
  snapshot: string | null;
  /** What it brings back ends here. */
  horizon: string | null;
  /** Of the component's own steps. */
  seconds: number;
  /** In the order in which they ended, of what it rests on too. */
  steps: { component: string; step: StepKind; seconds: number }[];
  checks: (FactCheck & { component: string })[];
  isolation: { attempts: number; escaped: number } | null;
  /** Where and why it stopped; absent where it was proved. */
  step?: StepKind;
  code?: string;
}

const by = { actor: 'person:command-line' } as const;

/** One proof by itself, in a journal of its own that is forgotten: no hub is asked, none is changed, and no backup is written. */
export async function proveComponent(options: ProveOptions): Promise<Result<Proved>> {
  const { component, configuration, cleanRoom, folder, secrets, onTrouble } = options;
  const { map, restore, problems } = await readRestoration(configuration);
  if (map === undefined || problems.length > 0) return configurationInvalid(configuration, problems);
  if (restore === undefined) return notDescribed(configuration);
  // Nobody waits for a helper at a command line.
  const helper = await cleanRoom.status();
  if (!helper.ok) return helper;
  await using owned = new AsyncDisposableStack();
  const opened = await HospitalWorld.open({
    id: 'prove',
    kind: 'live',
    establishment: map.establishment.id,
    engine: async () => accept(memoryEngine()),
    clock: realClock,
    onTrouble,
  });
  if (!opened.ok) return opened;
  const world = opened.value;
  owned.defer(() => world.close());
  const { queue } = world.journal;
  const imported = await importDocuments(world, { map }, configuration);
  if (!imported.ok) return imported;
  for (const fact of options.facts) await queue.submit(fact, by);
  const ports = restorationPorts({
    configuration: restore,
    secrets,
    cleanRoom,
    folders: {
      recoveries: join(folder, 'recoveries'),
      verdicts: join(folder, 'verdicts'),
      staging: join(folder, 'nights'),
    },
    sealer: sealerOfThisLife(),
    epoch: () => options.epoch,
    onTrouble,
  });
  if (!ports.ok) return ports;
  const told: RestoreEvent[] = [];
  queue.onDurable(({ events }) => {
    for (const event of events as RestoreEvent[]) {
      told.push(event);
      if (event.type === 'RecoveryStepStarted') options.onStep(event.data.component, event.data.step);
    }
  });
  const runner = new RestorationRunner(world, ports.value);
  owned.defer(() => runner.stop());
  await runner.start();
  await queue.submit({ type: 'SeeMeans', means: await meansOf(map, restore, {}) }, by);
  const asked = await queue.submit({ type: 'AskProof', components: [component] }, by);
  if (!asked.ok) return asked;
  const end = () => {
    for (const recovery of Object.keys(world.state.restore.recoveries))
      void queue.submit({ type: 'EndProof', recovery, because: 'person' }, by);
  };
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();
  const { restore: after } = await world.until(isOver, new AbortController().signal);
  options.signal.removeEventListener('abort', end);
  return accept(provedIn(component, after, told));
}

const notDescribed = (configuration: string) =>
  refuse('restoration-not-described', 'Nothing says how this establishment is restored.', {
    where: configuration,
    expected: 'a file restore.yaml beside the map',
    kept: 'No backup was read.',
    cure: 'Write it (docs/restore.md), or name the right folder with --config.',
  });

const isOver = ({ restore }: HospitalState): boolean =>
  restore.proofs.lastEnded !== null && Object.keys(restore.proofs.proofs).length === 0;

function provedIn(component: string, { proofs }: HospitalState['restore'], told: readonly RestoreEvent[]): Proved {
  const steps: Proved['steps'] = [];
  const checks: Proved['checks'] = [];
  let isolation: Proved['isolation'] = null;
  for (const { type, data } of told) {
    if (type === 'RecoveryStepDone') steps.push({ component: data.component, step: data.step, seconds: data.seconds });
    if (type === 'ComponentVerified')
      checks.push(...data.checks.map((check) => ({ component: data.component, ...check })));
    if (type === 'IsolationProved') isolation = { attempts: data.attempts, escaped: data.escaped };
  }
  const last = proofs.components[component]?.last;
  const { outcome = 'notTried', snapshot = null, horizon = null, seconds = 0, step = null, code = null } = last ?? {};
  const why = code ?? (outcome === 'proved' ? null : (proofs.lastEnded?.because ?? null));
  return {
    ok: outcome === 'proved',
    ...{ component, outcome, snapshot, horizon, seconds, steps, checks, isolation },
    ...(step === null ? {} : { step }),
    ...(why === null ? {} : { code: why }),
  };
}
