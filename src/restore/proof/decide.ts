import type { NewEvent } from '../../journal/event.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Context } from '../../journal/room.ts';
import { compile } from '../../map/compile.ts';
import type { HospitalMap } from '../../map/model.ts';
import { notRestorable } from '../nights/decide.ts';
import { planRecovery } from '../plan.ts';
import type { RecoveringComponent, Recovery, RestoreState } from '../state.ts';
import { type PlannedComponent, type StepKind, stepKinds } from '../step.ts';
import {
  nightScheduled,
  type ProofOutcome,
  proofBegun,
  proofCleared,
  proofEnded,
  restorationMeansGone,
  restorationMeansSeen,
} from './events.ts';
import { stopsAt } from './progress.ts';

type Ending = 'done' | 'incident' | 'late' | 'no-room' | 'person';

export type ProofCommand =
  /** Every component that can be restored here, and how, as read now. */
  | { type: 'SeeMeans'; means: { component: string; source: string; digest: string }[] }
  | { type: 'ScheduleNight'; time: string; weekday: number }
  | { type: 'BeginProof'; scope: 'sample' | 'whole' }
  | { type: 'AskProof'; components: string[] }
  | { type: 'EndProof'; recovery: string; because: Ending }
  | { type: 'RecordCleared'; recovery: string };

/** A night's sample takes no longer than this, as far as its times are known; one component at least. */
const SAMPLE_SECONDS = 2 * 3600;
/** What nobody measured nor declared is taken to last this long. */
const UNKNOWN_SECONDS = 1800;

type ProofContext = Context<{ document: HospitalMap | null }>;

export function decideProof(state: RestoreState, command: ProofCommand, context: ProofContext): Result<NewEvent[]> {
  const { proofs } = state;
  switch (command.type) {
    case 'SeeMeans': {
      const seen = new Set(command.means.map(({ component }) => component));
      const gone = Object.keys(proofs.means).filter((component) => !seen.has(component));
      const differing = command.means.filter(({ component, source, digest }) => {
        const before = proofs.means[component];
        return before?.source !== source || before.digest !== digest;
      });
      return accept([
        ...differing.map((one) => restorationMeansSeen.of(one)),
        ...gone.map((component) => restorationMeansGone.of({ component })),
      ]);
    }
    case 'ScheduleNight': {
      const { time, weekday } = command;
      const same = time === proofs.schedule.time && weekday === proofs.schedule.weekday;
      return accept(same ? [] : [nightScheduled.of({ time, weekday })]);
    }
    case 'BeginProof':
      return begin(state, command.scope, undefined, context);
    case 'AskProof': {
      const unknown = command.components.find((component) => proofs.means[component] === undefined);
      return unknown === undefined ? begin(state, 'asked', command.components, context) : notRestorable(unknown);
    }
    case 'EndProof':
      return end(state, command.recovery, command.because);
    case 'RecordCleared':
      return accept(proofs.proofs[command.recovery]?.ended ? [proofCleared.of({ recovery: command.recovery })] : []);
  }
}

function begin(
  state: RestoreState,
  scope: 'sample' | 'whole' | 'asked',
  asked: readonly string[] | undefined,
  context: ProofContext,
): Result<NewEvent[]> {
  if (Object.keys(state.incidents).length > 0)
    return refuse('incident-open', 'An incident is open: nothing is tried out now.', {
      where: Object.keys(state.incidents).join(', '),
      kept: 'Nothing was begun.',
      cure: 'Ask again once it is closed; the nights go on by themselves.',
    });
  const standing = Object.keys(state.proofs.proofs)[0];
  if (standing !== undefined)
    return refuse('proof-running', 'Another proof runs, or is being cleared away.', {
      where: standing,
      kept: 'Nothing was begun.',
      cure: 'Wait until it has ended.',
      retryable: true,
    });
  const known = provable(state, context.shared.document);
  const below = new Map(known.map((one) => [one.component, withBelow(one, known)]));
  const chosen = asked ?? (scope === 'sample' ? sample(state, known, below) : known.map(({ component }) => component));
  const wanted = new Set(chosen.flatMap((component) => below.get(component) ?? []));
  const components = known
    .filter(({ component }) => wanted.has(component))
    .map((one, rank) => ({ ...one, rank, after: one.after.filter((other) => wanted.has(other)) }));
  const carriesNothing = chosen.filter((component) => !below.has(component));
  if (carriesNothing.length > 0 || components.length === 0)
    return refuse('nothing-restorable', 'What care rests on cannot be restored here.', {
      where: carriesNothing.join(', '),
      expected: 'components below a care function, with a source that is configured',
      cure: 'Say on the map from which source each component is restored, and configure that source.',
    });
  const careFunctions = [...new Set(components.flatMap((one) => one.careFunctions))];
  const restsOn = Object.fromEntries(components.map(({ component }) => [component, below.get(component) ?? []]));
  return accept([proofBegun.of({ recovery: context.newId('proof'), scope, careFunctions, components, restsOn })]);
}

/** What care rests on and can be restored here, in the order in which all of it would be. */
export function provable({ proofs, measured }: RestoreState, document: HospitalMap | null): PlannedComponent[] {
  if (document === null) return [];
  const careFunctions = document.careFunctions.map(({ id }) => id);
  const { components } = planRecovery({ map: compile(document), careFunctions, lost: {}, measured });
  return components.filter(({ component }) => proofs.means[component] !== undefined);
}

/** Itself, and all that is restored below it. */
function withBelow({ component }: PlannedComponent, known: readonly PlannedComponent[]): string[] {
  const after = new Map(known.map((one) => [one.component, one.after]));
  const found = new Set([component]);
  for (const one of found) for (const below of after.get(one) ?? []) if (after.has(below)) found.add(below);
  return [...found];
}

/** Those tried longest ago first, never tried before all; of them the most vital; as many as the night has time for. */
function sample(
  state: RestoreState,
  known: readonly PlannedComponent[],
  below: ReadonlyMap<string, string[]>,
): string[] {
  const seconds = new Map(known.map((one) => [one.component, one.expectedSeconds ?? UNKNOWN_SECONDS]));
  const triedAt = ({ component }: PlannedComponent) => state.proofs.components[component]?.last.at ?? '';
  const taken = new Set<string>();
  const chosen: string[] = [];
  let left = SAMPLE_SECONDS;
  for (const one of known.toSorted((a, b) => triedAt(a).localeCompare(triedAt(b)) || a.rank - b.rank)) {
    const more = (below.get(one.component) ?? []).filter((component) => !taken.has(component));
    const cost = more.reduce((sum, component) => sum + (seconds.get(component) ?? 0), 0);
    if (chosen.length > 0 && cost > left) continue;
    for (const component of more) taken.add(component);
    chosen.push(one.component);
    left -= cost;
  }
  return chosen;
}

function end(state: RestoreState, id: string, because: Ending): Result<NewEvent[]> {
  const recovery = state.recoveries[id];
  if (recovery?.proof == null) return refuse('not-found', 'No proof of this name runs.', { where: id });
  const escaped = recovery.isolation !== null && recovery.isolation.escaped > 0;
  return accept([
    proofEnded.of({
      recovery: id,
      because,
      isolation:
        recovery.isolation === null
          ? null
          : { attempts: recovery.isolation.attempts, escaped: recovery.isolation.escaped },
      outcomes: Object.values(recovery.components).map((component) =>
        outcomeOf(recovery, component.component, { escaped, late: because === 'late' }),
      ),
    }),
  ]);
}

function outcomeOf(recovery: Recovery, id: string, ending: { escaped: boolean; late: boolean }): ProofOutcome {
  const component = recovery.components[id];
  const steps = Object.values(component?.steps ?? {});
  const common = {
    component: id,
    snapshot: component?.snapshot?.id ?? null,
    horizon: component?.snapshot?.horizon ?? null,
    seconds: Math.round(steps.reduce((sum, step) => sum + (step.seconds ?? 0), 0) * 10) / 10,
    bytes: component?.bytes ?? 0,
    agreed: component?.checks.filter(({ agrees }) => agrees).length ?? 0,
    asked: component?.checks.length ?? 0,
  };
  if (component?.steps.verify?.state === 'done')
    return ending.escaped
      ? { ...common, outcome: 'failed', step: 'start', code: 'isolation-broken' }
      : { ...common, outcome: 'proved', step: null, code: null };
  const stop = stopsAt(recovery, id) ?? (ending.late ? lateAt(component) : null);
  if (stop === null) return { ...common, outcome: 'notTried', step: null, code: null };
  return { ...common, outcome: stop.code === 'facts-unknown' ? 'restored' : 'failed', ...stop };
}

/** What was begun and had not ended after a whole night never does: said, so that the next night tries something else too. */
function lateAt(component: RecoveringComponent | undefined): { step: StepKind; code: string } | null {
  const step = stepKinds.findLast((kind) => component?.steps[kind] !== undefined);
  return step === undefined || component?.steps[step]?.state === 'done' ? null : { step, code: 'too-late' };
}
